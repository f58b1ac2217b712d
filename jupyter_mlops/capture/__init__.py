"""The senses: what a cell says, makes, shows, reads and writes. Stores nothing."""

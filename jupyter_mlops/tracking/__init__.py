"""Floor 2: a run while it lives, and as it was recorded: capture joined to store."""

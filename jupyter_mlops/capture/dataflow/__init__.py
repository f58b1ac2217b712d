"""Floor 2: what each cell of a session reads, makes and changes, by its text."""

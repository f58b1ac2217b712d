"""Floor 4: other systems, one file a system."""

"""The index's schema, one forward step a file in `versions/`."""

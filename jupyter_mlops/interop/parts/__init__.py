"""What goes out with a model: whole files that need nothing of ours where they run.

They are read as text and never imported here.
"""

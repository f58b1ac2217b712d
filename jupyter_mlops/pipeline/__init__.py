"""Notebooks in batch. The only room that knows papermill, nbclient and nbformat.

Nothing is imported here: reading parameters needs no kernel.
"""

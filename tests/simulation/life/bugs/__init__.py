"""Bugs that are put in on purpose, to see that they are found. None of them is ever in the platform's own files."""

"""The kinds of first slides of a deck."""

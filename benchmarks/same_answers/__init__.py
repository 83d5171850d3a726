"""Captures what a checkout answers, and compares two captures: see `__main__`."""

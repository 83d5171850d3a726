"""Leading indicators and flags, each validated on the past."""

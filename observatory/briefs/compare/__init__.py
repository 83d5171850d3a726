"""View model of the comparison of series."""

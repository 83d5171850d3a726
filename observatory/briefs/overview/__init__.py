"""View model of the overview."""

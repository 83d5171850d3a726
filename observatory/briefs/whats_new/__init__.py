"""View model of the page of changes between two editions."""

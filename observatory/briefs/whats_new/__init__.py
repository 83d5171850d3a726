"""View model of the page of what changed between two editions."""

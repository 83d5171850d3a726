"""View model of the page of one market."""

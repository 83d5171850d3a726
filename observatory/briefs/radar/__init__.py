"""View model of the page of weak signals."""

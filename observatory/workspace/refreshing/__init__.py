"""Refreshing: a run that collects from the publishers and publishes one edition, its guards, journal and report."""

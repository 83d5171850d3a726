"""Diagnosis of an installation, or of a server that runs: what is wrong with it, as problems with their cure."""

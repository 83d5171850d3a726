"""Analyses that pages ask for: what changed, yearly series, comovement, worst misses, neighbouring markets."""

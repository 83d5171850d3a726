"""Catalogue of segments, indicators and sources, read from data/."""

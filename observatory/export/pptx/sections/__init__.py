"""Slides of the sections of a page, by what a section holds."""

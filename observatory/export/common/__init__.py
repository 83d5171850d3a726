"""Shared parts of file formats: fonts, cell values, column widths, chart rendering, sources."""

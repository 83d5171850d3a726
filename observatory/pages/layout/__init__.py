"""Layout around every page: frame and downloads."""

"""What surrounds every page: frame and downloads."""

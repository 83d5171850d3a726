"""What surrounds every page: frame, style sheets, downloads."""

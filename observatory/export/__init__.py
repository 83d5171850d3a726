"""What a page shows, as a file: documents without a format, and one writer for each format."""

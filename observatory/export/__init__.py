"""File exports of pages: documents that know no format, and one writer for each format."""

"""Long files of any series (unique_id, ds, y): read in blocks into a table."""

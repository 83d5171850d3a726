"""The page of the last collection."""

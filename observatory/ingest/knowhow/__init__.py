"""Know-how table: which skill serves which market."""

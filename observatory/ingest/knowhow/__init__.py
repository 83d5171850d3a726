"""The table of know-how: which skill serves which market."""

"""Decoding: bytes to a table of cells, and cells to numbers, periods, units and names."""

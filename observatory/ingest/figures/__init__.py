"""Observations out of a table: layout, rows, series, decimals."""

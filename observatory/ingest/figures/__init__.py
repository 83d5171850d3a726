"""Observations of a table: layout, rows, series, decimal separator."""

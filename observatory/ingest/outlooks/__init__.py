"""Tables of forecasts of others: rows, cells, and which forecasts are the same."""

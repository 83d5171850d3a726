"""CSV files: dialects, documents, series, forecasts, calls, scores and know-how."""

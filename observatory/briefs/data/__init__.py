"""Brief of the data page: the catalogue of all indicators, searched and filtered."""

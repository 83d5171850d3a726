"""Figures to Vega-Lite specifications (plain data): no screen, no store, no language of its own."""

"""Vega-Lite specifications (plain data) from figures: no screen, no store, no language of its own."""

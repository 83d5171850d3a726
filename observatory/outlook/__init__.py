"""Outlook: forecasts, calls and market indices as of one date, with the study behind them."""

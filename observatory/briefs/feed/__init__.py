"""The feed narrowed to what a reader follows: markets, indicators, thresholds."""

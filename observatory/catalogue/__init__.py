"""What we watch: segments, indicators, sources; reading data/."""

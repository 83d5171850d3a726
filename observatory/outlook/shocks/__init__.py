"""Past shocks by market: depth, duration, recovery, and the path month by month."""

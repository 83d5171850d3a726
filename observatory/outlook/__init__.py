"""What it means, as of one date: calls, ranking, the index of a market."""

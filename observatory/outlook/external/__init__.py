"""Outlooks of others: what came of them, what naive forecasts and our own engine would have said, and their scores."""

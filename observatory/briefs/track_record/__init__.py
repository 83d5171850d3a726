"""View model of the track record: calls and forecasts against outcomes."""

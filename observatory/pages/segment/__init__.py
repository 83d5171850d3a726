"""Page of a market or section."""

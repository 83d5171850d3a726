"""What serves any request, whatever it asks for: counters, the rate limiter, the cache of responses."""

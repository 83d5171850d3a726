"""Publishers' servers: requests for the figures of an indicator, and readers of what they answer."""

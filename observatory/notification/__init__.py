"""Messages to those who wait for an edition: what is worth one, its text, and the services that carry it."""

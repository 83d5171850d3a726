"""What the routes answer with: the tables and lists of an edition, its feed, its package, and their serializers."""

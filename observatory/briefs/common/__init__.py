"""What the view models of several pages share."""

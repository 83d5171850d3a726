"""Parts that the view models of several pages share."""

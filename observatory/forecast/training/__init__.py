"""Training of the ensemble: the sets of histories with outcomes, and the fit of its parameters."""

"""View models of the page for analysts: drafts and findings."""

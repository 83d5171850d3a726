"""View models of the page for analysts: changes of a draft, findings in its file."""

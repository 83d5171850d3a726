"""View models of pages, independent of the user interface: sentences, figures, tables, caveats, sources."""

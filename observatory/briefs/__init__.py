"""What a page says, without a screen: sentences, figures, tables, caveats, sources."""

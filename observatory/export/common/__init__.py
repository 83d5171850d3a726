"""What several file formats share: fonts, cell values, column widths, drawings of charts, sources."""

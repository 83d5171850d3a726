"""Components shared by several pages: HTML, tables, fields, figures, sharing."""

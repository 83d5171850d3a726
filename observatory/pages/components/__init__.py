"""Parts that several pages draw: HTML, tables, fields, figures, sharing."""

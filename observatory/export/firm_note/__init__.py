"""Note for a bank about a firm: one layout, as a PDF and as a slide whose texts can be edited."""

"""Figures that several pages show: chart, values as data, takeaway, disclosures, methodology, table."""

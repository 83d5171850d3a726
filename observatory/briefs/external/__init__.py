"""Outlooks of others on pages: those for coming years beside ours on a market's page, their record on its own page."""

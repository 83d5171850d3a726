"""Outlooks of others on pages: those for coming years beside ours on a market's page, all of them on the track record."""

"""View models of the first slides of a deck: the answer, the markets in bars, one market, how sure we are."""

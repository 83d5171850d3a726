"""View model of the portfolio page: growth and risk of the markets of one firm together."""

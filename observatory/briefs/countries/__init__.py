"""View model of the page of one indicator by country."""

"""View model of the page of a firm's own mix."""

"""View model of the page of input prices."""

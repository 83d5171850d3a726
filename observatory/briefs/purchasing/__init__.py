"""View model of the page of input prices: odds of a threshold, the reader's basket, all inputs, when to negotiate."""

"""The page of purchases: prices of inputs, a threshold, the reader's basket."""

"""The page of a firm's own mix of markets."""

"""Calls: the rule, its inputs, its backtest, its scores and its scenarios."""

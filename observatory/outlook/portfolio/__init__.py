"""Mixes of markets: joint draws, growth, risk and changes of mix."""

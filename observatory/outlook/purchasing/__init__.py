"""Inputs that firms buy: price paths, threshold odds, baskets, when to negotiate."""

"""The observatory: real indicators, honest forecasts and calls that can be judged, for the SMEs of a cluster."""

__version__ = "0.1.0"

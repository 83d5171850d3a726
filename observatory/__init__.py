"""The observatory: real indicators, honest forecasts and calls that can be judged, for the SMEs of a cluster."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`connect` of the package for notebooks, imported when it is asked for: commands and pages do without it."""
    if name == "connect":
        return import_module("observatory.notebook").connect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

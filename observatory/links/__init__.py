"""Repair of links that mail, chat and advertising have mangled: queries, paths, and links wrapped by mail filters."""

from observatory.links.paths import repair_path
from observatory.links.query import MAX_PARAMETERS, read_query, repair_pairs
from observatory.links.tracking import is_tracking
from observatory.links.wrappers import UnreadableWrapperError, read_pasted_link

__all__ = [
    "MAX_PARAMETERS",
    "UnreadableWrapperError",
    "is_tracking",
    "read_pasted_link",
    "read_query",
    "repair_pairs",
    "repair_path",
]

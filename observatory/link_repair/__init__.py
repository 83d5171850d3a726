"""Repair of links that mail, chat and advertising have mangled: queries, paths, and links wrapped by mail filters."""

from observatory.link_repair.paths import repair_path
from observatory.link_repair.query import MAX_PARAMETERS, read_query, repair_pairs
from observatory.link_repair.tracking import is_tracking
from observatory.link_repair.wrappers import UnreadableWrapperError, read_pasted_link

__all__ = [
    "MAX_PARAMETERS",
    "UnreadableWrapperError",
    "is_tracking",
    "read_pasted_link",
    "read_query",
    "repair_pairs",
    "repair_path",
]

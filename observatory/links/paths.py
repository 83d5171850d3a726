"""Repair of a path: capitals, slashes too many, trailing punctuation, a query that became part of it."""

import re
from collections.abc import Collection
from urllib.parse import quote, unquote

from observatory.links.query import trim_end
from observatory.settings import MAX_QUERY_CHARS

_SWALLOWED = re.compile(r"[?&#]|%3f|%26|%23", re.IGNORECASE)  # what ends a path, if it was encoded by mistake
_FILES = re.compile(r"download/[a-z_]+\.[a-z]+")


def repair_path(path: str, query: str, pages: Collection[str]) -> str | None:
    """The path and query that were meant, ready for a Location header; None if there is nothing to repair.

    `path` is decoded, `query` is not. Only pages and files are ever answered, so that no path leads elsewhere.
    """
    if len(path) + len(query) > MAX_QUERY_CHARS:
        return None
    separator = _SWALLOWED.search(path)
    plain, swallowed = (path[: separator.start()], path[separator.end() :]) if separator else (path, "")
    page = trim_end(unquote(plain).strip().lower()).strip("/")
    page = trim_end(re.sub("/{2,}", "/", page)).strip("/")
    fragment = ""
    if separator and separator[0] in ("#", "%23"):
        fragment, swallowed = swallowed, ""
    before, hash_sign, after = _split_fragment(query)
    if hash_sign:
        query, fragment = before, after
    if (page not in pages and not _FILES.fullmatch(page)) or (path == f"/{page}" and not fragment):
        return None
    parts = "&".join(part for part in (quote(swallowed, safe="=&%,:~.;-_"), query) if part)
    target = f"/{page}" + (f"?{quote(parts, safe='=&%+,:~.;-_?!*()/@$')}" if parts else "")
    return f"{target}#{quote(fragment, safe='=&,:.-_~')}" if fragment else target


def _split_fragment(query: str) -> tuple[str, str, str]:
    """A query and the fragment that was encoded into it, for the fragments of ours: a mix."""
    match = re.search(r"%(?:25)?23(?=mix(?:=|%(?:25)?3D))", query, re.IGNORECASE)
    return (query[: match.start()], "#", unquote(unquote(query[match.end() :]))) if match else (query, "", "")

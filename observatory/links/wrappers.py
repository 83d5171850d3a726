"""Pasted links: the address that a mail filter or a redirecting site has wrapped, without what surrounds it."""

import base64
import binascii
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import SplitResult, unquote, urlsplit

from observatory.links.query import OPENING, drop_invisible, trim_end
from observatory.settings import MAX_QUERY_CHARS

_MAX_WRAPPERS = 5  # around one another
_CHARACTER_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|lt|gt|quot|nbsp);", re.IGNORECASE)
_SCHEME = re.compile(r"https?:/{1,3}(?=[^/])", re.IGNORECASE)
_RUN_LENGTHS = {
    char: length
    for length, char in enumerate(string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_", 2)
}  # Proofpoint: "**A" stands for two characters, "**B" for three ...


class UnreadableWrapperError(ValueError):
    """A link through a host that hides where it leads; `host` is that host."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


@dataclass(frozen=True)
class _Wrapper:
    """A host that wraps links (with all below it), and how its link is unwrapped: a text, empty if it cannot be."""

    hosts: tuple[str, ...]
    unwrap: Callable[[SplitResult], str]


def _parameter(*names: str) -> Callable[[SplitResult], str]:
    def unwrap(parts: SplitResult) -> str:
        # The target keeps its own encoding: a value is decoded once, and only our own queries more often.
        given = _read_raw(parts.query)
        return next((given[name] for name in names if _SCHEME.match(given.get(name, ""))), "")

    return unwrap


def _read_raw(query: str) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in re.split(r"&(?:amp;)*", query))
    return {name.removeprefix("amp;"): unquote(value) for name, _, value in reversed(list(pairs))}


def _unwrap_proofpoint(parts: SplitResult) -> str:
    version = parts.path.split("/")[1] if parts.path.count("/") else ""
    if version == "v1":
        return _read_raw(parts.query).get("u", "")
    if version == "v2":
        return unquote(_read_raw(parts.query).get("u", "").translate(str.maketrans("-_", "%/")))
    match = re.match(r"/v3/__(.+?)__;([^!]*)!", f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return _fill_in(match[1], match[2]) if match else ""


def _fill_in(text: str, encoded: str) -> str:
    """A text of Proofpoint's third version, with the characters that it keeps apart back in their places."""
    try:
        kept = iter(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8"))
    except (binascii.Error, UnicodeDecodeError):
        return ""

    def fill(match: re.Match[str]) -> str:
        return "".join(next(kept, "") for _ in range(_RUN_LENGTHS[match[1]] if match[1] else 1))

    return re.sub(r"\*\*([A-Za-z0-9_-])|\*", fill, text)


def _unwrap_cisco(parts: SplitResult) -> str:
    return unquote(parts.path.rpartition("/")[2])


def _refuse(_parts: SplitResult) -> str:
    return ""


_WRAPPERS = (
    _Wrapper(
        (
            "safelinks.protection.outlook.com",
            "safelinks.protection.office365.us",
            "safelinks.protection.partner.outlook.cn",
            "statics.teams.cdn.office.net",
        ),
        _parameter("url"),
    ),
    _Wrapper(("urldefense.com", "urldefense.us", "urldefense.proofpoint.com"), _unwrap_proofpoint),
    _Wrapper(("linkprotect.cudasvc.com",), _parameter("a")),
    _Wrapper(("secure-web.cisco.com",), _unwrap_cisco),
    _Wrapper(("clicktime.symantec.com", "fireeye.com"), _parameter("u")),
    _Wrapper(("l.facebook.com", "lm.facebook.com", "l.instagram.com", "l.messenger.com"), _parameter("u")),
    _Wrapper(("linkedin.com", "slack-redir.net", "out.reddit.com"), _parameter("url")),
    # What these hide is known to them alone.
    _Wrapper(("mimecast.com", "mimecastprotect.com", "protection.sophos.com", "trendmicro.com"), _refuse),
    _Wrapper(("t.co", "bit.ly", "lnkd.in", "tinyurl.com", "ow.ly", "goo.gl", "aka.ms", "buff.ly"), _refuse),
    _Wrapper(("list-manage.com", "sendgrid.net", "sendibt2.com", "mailjet.com", "mjt.lu", "rs6.net"), _refuse),
)
_GOOGLE_HOST = re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_unwrap_google = _parameter("q", "url")


def read_pasted_link(text: str) -> str:
    """The link in a pasted text: without quotation marks, brackets and line breaks around it, and unwrapped.

    Raises UnreadableWrapperError if it leads through a host that hides its target, ValueError for what is no link.
    """
    if len(text) > 2 * MAX_QUERY_CHARS:
        raise ValueError("too long")
    link = _trim(text)
    for _ in range(_MAX_WRAPPERS):
        parts = urlsplit(link)
        host = (parts.hostname or "").rstrip(".")
        unwrap = _find_unwrap(host)
        if unwrap is None:
            return link
        link = _trim(unwrap(parts))
        if not _SCHEME.match(link):
            raise UnreadableWrapperError(host)
    raise UnreadableWrapperError(urlsplit(link).hostname or "")


def _find_unwrap(host: str) -> Callable[[SplitResult], str] | None:
    if _GOOGLE_HOST.fullmatch(host):
        return _unwrap_google
    below = (row for row in _WRAPPERS if any(host == name or host.endswith(f".{name}") for name in row.hosts))
    return next((row.unwrap for row in below), None)


def _trim(text: str) -> str:
    """The link within a text: from its scheme on, in one line, with two slashes after the scheme."""
    link = _CHARACTER_REFERENCE.sub(lambda match: unescape(match[0]), drop_invisible(text)).strip(OPENING)
    scheme = None if link.startswith("/") else _SCHEME.search(link)
    if scheme is not None:
        link = f"{scheme[0].rstrip('/')}//{link[scheme.end() :]}"
    return trim_end(link)

"""Query of a link: read into a Selection with notices, and written from one; versions of links."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import RejectionReason, parse_series_codes
from observatory.links import MAX_PARAMETERS, repair_pairs
from observatory.selection.model import DEFAULT_SELECTION, Selection
from observatory.selection.values import PARSERS
from observatory.settings import MAX_ECHOED_CHARS, MAX_QUERY_CHARS
from observatory.typography import escape_unprintable

LINK_VERSION = 1  # of links: the meaning of names and defaults; the first version is never written
_VERSION_PARAMETER = "v"


@dataclass(frozen=True)
class Notice:
    """A value of the address that could not be used: `key` is a message, filled with name, value and default."""

    key: str
    name: str
    value: str
    default: str


@dataclass(frozen=True)
class LinkMigration:
    """A migration of link queries from one version to the next; `description` names what changed."""

    version: int
    migrate: Callable[[dict[str, str]], dict[str, str]]
    description: str


# One row a version, in order: whoever renames a value of a link, or changes a default, adds one. Nothing has yet: a
# link that names a day has always meant the newest edition of that day, and still does.
LINK_MIGRATIONS: tuple[LinkMigration, ...] = ()

_SERIES_NOTICE_KEYS: Mapping[RejectionReason, str] = {
    "unknown": "notice.series.unknown",
    "twice": "notice.series.twice",
    "many": "notice.series.many",
}
PARAMETER_NAMES: Mapping[str, str] = {
    row.name: {"first": "from", "last": "to"}.get(row.name, row.name) for row in fields(Selection)
}
_LINK_NAMES = frozenset((*PARAMETER_NAMES.values(), _VERSION_PARAMETER))


def parse_selection(
    query: Mapping[str, Sequence[str] | str], catalogue: Catalogue, default: Selection = DEFAULT_SELECTION
) -> tuple[Selection, tuple[Notice, ...]]:
    """The Selection of a query, repaired first, and a notice for each part of it that could not be used."""
    sent = [(name, value if isinstance(value, str) else (value[0] if value else "")) for name, value in query.items()]
    if len(sent) > MAX_PARAMETERS or sum(len(name) + len(value) for name, value in sent) > MAX_QUERY_CHARS:
        return default, (Notice("notice.too_long", "", "", ""),)
    given: dict[str, str] = {}
    for shown, text in repair_pairs(sent, _LINK_NAMES):
        given.setdefault(shown, text)  # of a name given twice the first value counts
    given, notices = _migrate_query(given)
    values: dict[str, Any] = {}
    fields_by_name = {shown: name for name, shown in PARAMETER_NAMES.items()}
    for shown, text in given.items():
        name = fields_by_name.get(shown)
        if name is None:
            notices.append(_build_notice("notice.unknown_name", escape_unprintable(shown, MAX_ECHOED_CHARS), text, ""))
            continue
        if name == "series":
            values[name], unread = parse_series_codes(text, catalogue)
            notices += [_build_notice(_SERIES_NOTICE_KEYS[why], shown, code, "-") for why, code in unread]
            continue
        value = PARSERS[name](text, catalogue)
        if value is None:
            notices.append(_build_notice("notice.unknown_value", shown, text, str(getattr(default, name) or "-")))
        else:
            values[name] = value
    chosen, conflicts = _resolve_conflicts(replace(default, **values), catalogue)
    return chosen, (*notices, *conflicts)


def _build_notice(key: str, name: str, value: str, default: str) -> Notice:
    """A notice that quotes a value of the query, cut and made printable."""
    return Notice(key, name, escape_unprintable(value, MAX_ECHOED_CHARS), default)


def _resolve_conflicts(chosen: Selection, catalogue: Catalogue) -> tuple[Selection, list[Notice]]:
    """A selection without values that contradict each other: years in reverse, an indicator of another market."""
    notices = []
    if chosen.first and chosen.last and chosen.first > chosen.last:
        notices.append(Notice("notice.years", "to", f"{chosen.first}-{chosen.last}", "-"))
        chosen = replace(chosen, last=0)
    if chosen.indicator:
        home = catalogue.indicators[chosen.indicator].segment
        if not chosen.segment:
            chosen = replace(chosen, segment=home)
        elif chosen.segment != home:
            notices.append(Notice("notice.elsewhere", "indicator", chosen.indicator, "-"))
            chosen = replace(chosen, indicator="", geo="", item="")
    return chosen, notices


def format_query(selection: Selection, default: Selection = DEFAULT_SELECTION) -> dict[str, str]:
    """The query of a Selection; what equals the default is left out.

    Nothing is lost: the version of the link determines the defaults.
    """
    fields = {}
    for name, shown in PARAMETER_NAMES.items():
        value = getattr(selection, name)
        is_unset = value == "" or (value == 0 and getattr(DEFAULT_SELECTION, name) == 0)  # screen 0 is the cover
        if is_unset or value == getattr(default, name):
            continue
        fields[shown] = str(value)
    return {**fields, _VERSION_PARAMETER: str(LINK_VERSION)} if fields and LINK_VERSION > 1 else fields


def build_url(path: str, selection: Selection, default: Selection = DEFAULT_SELECTION) -> str:
    """A path and the query of a Selection."""
    query = urlencode(format_query(selection, default), safe=":,")
    return f"{path}?{query}" if query else path


def build_share_url(path: str, selection: Selection, catalogue: Catalogue) -> str:
    """The address to give to others: it names its language, and no market that its indicator implies."""
    row = catalogue.indicators.get(selection.indicator)
    if row is not None and row.segment == selection.segment:
        selection = replace(selection, segment="")
    return build_url(path, selection, replace(DEFAULT_SELECTION, lang=""))


def _migrate_query(given: dict[str, str]) -> tuple[dict[str, str], list[Notice]]:
    """A raw query in the names of today, without its version; a link that names none is one of the first."""
    text = given.pop(_VERSION_PARAMETER, "1")
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        return given, [
            Notice(
                "notice.unknown_value",
                _VERSION_PARAMETER,
                escape_unprintable(text, MAX_ECHOED_CHARS),
                str(LINK_VERSION),
            )
        ]
    if int(text) > LINK_VERSION:
        return given, [Notice("notice.newer", _VERSION_PARAMETER, text, "")]
    for row in LINK_MIGRATIONS[int(text) - 1 :] if given else ():
        given = row.migrate(given)
    return given, []

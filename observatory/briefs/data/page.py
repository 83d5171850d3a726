"""Builds the brief of the data page: search, filters, the indicators found, and the one that is open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Sparkline, Terms
from observatory.briefs.data.entries import (
    CatalogueEntry,
    build_entry,
    build_entry_sparkline,
    filter_entries,
)
from observatory.catalogue.models import ROLES, Indicator
from observatory.catalogue.periods import last_month_ordinal, month_ordinal, ordinal_to_period
from observatory.catalogue.series_codes import format_series_code
from observatory.selection import AREAS, DEFAULT_SELECTION, STATES, Selection

VISIBLE_ENTRIES = 12  # the others are folded: a catalogue is searched, not read
_MAX_SPARKLINES = 40
_FREQUENCIES = ("M", "Q", "A")


@dataclass(frozen=True)
class FilterOption:
    """A choice of a filter: its value in the address (empty for all), and its label with the count of indicators."""

    value: str
    label: str


@dataclass(frozen=True)
class CatalogueFilter:
    """A filter: the field of the selection that it sets, its label, and its options."""

    field: str
    label: str
    value: str
    options: tuple[FilterOption, ...]


@dataclass(frozen=True)
class OpenIndicator:
    """The indicator of the address: what it measures, what it does not say, its terms, and where its figures are.

    `downloads` are (label, address) of files of this server; `api_path` is the address for programs.
    """

    title: str
    description: str
    terms: Terms
    downloads: tuple[tuple[str, str], ...]
    api_path: str
    feed_path: str
    page: Selection
    compare: Selection


@dataclass(frozen=True)
class DataBrief:
    """The data page. `rows` are the entries found, each with its sparkline if there are few enough of them."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    found: str
    filters: tuple[CatalogueFilter, ...]
    rows: tuple[tuple[CatalogueEntry, Sparkline | None], ...]
    rest_label: str
    empty: str
    opened: OpenIndicator | None
    files: tuple[tuple[str, str, str], ...]  # name, what it holds, address


def build_data(context: Context) -> DataBrief:
    """The catalogue as the selection searches and filters it."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    catalogue = outlook.catalogue
    entries = [
        build_entry(context, row)
        for segment in catalogue.segments
        for row in (*catalogue.indicators_of_segment(segment), *catalogue.candidates_of_segment(segment))
    ]
    found = filter_entries(context, entries)
    counts = Counter(row.state for row in entries)
    proxies = sum(row.proxy for row in catalogue.indicators.values())
    # A budget is known before its year is over: no figure is newer than the edition.
    months = (last_month_ordinal(row.last, row.frequency) for row in outlook.panel.values())
    newest = min(max(months, default=0), month_ordinal(outlook.day))
    return DataBrief(
        kicker=localizer.text(
            "data.kicker",
            edition=localizer.day(outlook.day),
            period=localizer.period(ordinal_to_period(newest, "M")),
        ),
        lead=localizer.text("data.lead", count=localizer.number(len(catalogue.indicators))),
        under=(
            " ".join(
                (localizer.plural("data.late", counts["late"]), localizer.plural("data.stopped", counts["stopped"]))
            ),
            " ".join(
                (
                    localizer.plural("data.proxies", proxies),
                    *([localizer.plural("data.awaiting", counts["awaiting"])] if counts["awaiting"] else []),
                )
            ),
        ),
        found=_found_text(context, len(found), len(entries)),
        filters=_build_filters(context, entries),
        rows=tuple(
            (row, build_entry_sparkline(context, row) if index < _MAX_SPARKLINES else None)
            for index, row in enumerate(found)
        ),
        rest_label=localizer.plural("data.rest", max(len(found) - VISIBLE_ENTRIES, 0)),
        empty=localizer.text("data.empty", query=selection.find)
        if selection.find
        else localizer.text("data.empty.all"),
        opened=_open_indicator(context, catalogue.indicators.get(selection.indicator)),
        files=_list_files(context),
    )


def _found_text(context: Context, found: int, total: int) -> str:
    """How many indicators are listed, out of how many, and what for."""
    localizer, find = context.localizer, context.selection.find
    if find:
        return localizer.plural("data.found.query", found, total=localizer.number(total), query=find)
    return localizer.plural("data.found", found, total=localizer.number(total))


def _build_filters(context: Context, entries: Sequence[CatalogueEntry]) -> tuple[CatalogueFilter, ...]:
    """The filters, each option with the number of indicators that it would leave beside the other filters."""
    catalogue, localizer = context.outlook.catalogue, context.localizer
    choices: dict[str, list[tuple[str, str]]] = {
        "segment": [(name, context.market_title(name)) for name in catalogue.segments],
        "role": [(name, localizer.text(f"role.{name}")) for name in ROLES],
        "freq": [(name, localizer.text(f"data.frequency.{name}")) for name in _FREQUENCIES],
        "state": [(name, localizer.text(f"data.state.{name}.filter")) for name in STATES],
        "area": [(name, localizer.text(f"data.area.{name}")) for name in AREAS],
    }
    filters = []
    for field, options in choices.items():
        counted = []
        for value, label in (("", localizer.text("data.filter.all")), *options):
            choice: dict[str, Any] = {field: value}
            others = replace(context, selection=replace(context.selection, **choice))
            count = len(filter_entries(others, entries))
            counted.append(FilterOption(value, f"{label} ({localizer.number(count)})"))
        filters.append(
            CatalogueFilter(
                field,
                localizer.text(f"data.filter.{field}"),
                getattr(context.selection, field),
                tuple(counted),
            )
        )
    return tuple(filters)


def _open_indicator(context: Context, indicator: Indicator | None) -> OpenIndicator | None:
    """What can be said of an indicator, and what can be done with it; None if the address names none."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    if indicator is None or outlook.headline_key(indicator) not in outlook.panel:
        return None
    key = outlook.headline_key(indicator)
    source = outlook.catalogue.sources[indicator.source]
    entry = build_entry(context, indicator)
    histories = [outlook.panel[name] for name in outlook.list_series(indicator.id)]
    first = min((ordinal_to_period(row.first, row.frequency) for row in histories), default="")
    terms = [
        ("data.term.unit", localizer.field_text(indicator, "unit")),
        ("data.term.latest", f"{entry.latest} {entry.age}".strip()),
        (
            "data.term.series",
            localizer.plural("data.series", len(histories), first=localizer.period(first)),
        ),
        ("data.term.publisher", localizer.typeset(source.attribution)),
        ("data.term.licence", localizer.field_text(source, "licence")),
        ("data.term.caveats", localizer.field_text(indicator, "caveats")),
    ]
    query = {"indicator": indicator.id, "lang": localizer.language, "asof": selection.asof}
    query = {name: value for name, value in query.items() if value}
    dialect = {"dialect": "fr"} if localizer.language == "fr" else {}
    shared = {name: getattr(selection, name) for name in ("lang", "horizon", "asof")}
    return OpenIndicator(
        title=entry.title,
        description=localizer.field_text(indicator, "description"),
        terms=tuple((localizer.text(name), text) for name, text in terms if text),
        downloads=tuple(
            (localizer.text(f"data.download.{name}"), f"/api/v1/{name}.csv?{urlencode({**query, **dialect})}")
            for name in ("observations", "forecasts")
        ),
        api_path=f"/api/v1/observations.json?{urlencode(query)}",
        feed_path=f"/feed.atom?{urlencode({'indicator': indicator.id, 'lang': localizer.language})}",
        page=replace(DEFAULT_SELECTION, **shared, segment=indicator.segment, indicator=indicator.id),
        compare=replace(DEFAULT_SELECTION, **shared, series=format_series_code(key)),
    )


def _list_files(context: Context) -> tuple[tuple[str, str, str], ...]:
    """What takes everything at once: all figures, the data package, the API and the feed."""
    localizer, asof = context.localizer, context.selection.asof
    query = urlencode({name: value for name, value in (("lang", localizer.language), ("asof", asof)) if value})
    values = sum(int(np.isfinite(row.values).sum()) for row in context.outlook.panel.values())
    addresses = {
        "observations": f"/api/v1/observations.csv?{query}",
        "package": "/api/v1/datapackage.json" + (f"?asof={asof}" if asof else ""),
        "api": "/api/docs",
        "feed": f"/feed.atom?lang={localizer.language}",
    }
    return tuple(
        (
            localizer.text(f"data.file.{name}"),
            localizer.text(f"data.file.{name}.text", count=localizer.number(values)),
            url,
        )
        for name, url in addresses.items()
    )

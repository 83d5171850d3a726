"""Entries of a narrowed feed: the calls that editions flipped, the figures they brought, the thresholds crossed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.series_names import format_series_name
from observatory.briefs.common.units import append_unit, choose_unit
from observatory.briefs.feed.model import FeedFilter, Threshold
from observatory.briefs.purchasing.model import format_plain_number, list_forecast_inputs
from observatory.briefs.whats_new.editions import count_edition_changes
from observatory.catalogue.periods import find_last_month
from observatory.catalogue.series_codes import format_series_code
from observatory.language import Localizer
from observatory.outlook.analysis.crossings import Crossing, find_crossing
from observatory.outlook.calls.calls import Call
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.selection import DEFAULT_SELECTION, Selection, build_share_url
from observatory.store.records import Vintage
from observatory.timeseries import SeriesKey
from observatory.typography import lowercase_first

Change = tuple[int, SeriesKey, str, float | None]  # edition, series, period, value (None withdraws it)
Verdicts = Mapping[tuple[str, int], str]  # by segment and horizon


@dataclass(frozen=True)
class EditionHistory:
    """What all editions, oldest first, wrote: `verdicts` by edition, `load_changes` gives those of an indicator."""

    editions: Sequence[Vintage]
    verdicts: Mapping[int, Verdicts]
    load_calls: Callable[[Vintage], Mapping[tuple[str, int], Call]]
    load_changes: Callable[[str], Sequence[Change]]


@dataclass(frozen=True)
class FeedEntry:
    """An entry: the edition that it is about, its name within that edition, its texts, the link to what it says."""

    edition: Vintage
    name: str
    title: str
    summary: str
    url: str


def build_entries(context: Context, feed_filter: FeedFilter, history: EditionHistory) -> list[FeedEntry]:
    """All entries of a narrowed feed, the newest edition first; each is named the same in every feed that has it."""
    entries = [
        *_build_flip_entries(context, feed_filter, history),
        *(_build_indicator_entries(context, feed_filter.indicator, history) if feed_filter.indicator else ()),
        *(row for threshold in feed_filter.thresholds for row in _build_crossing_entries(context, threshold, history)),
    ]
    places = {row.id: place for place, row in enumerate(history.editions)}
    unique = {(row.edition.id, row.name): row for row in entries}
    return sorted(unique.values(), key=lambda row: -places[row.edition.id])


def _link(context: Context, edition: Vintage, path: str, selection: Selection) -> str:
    """The address of a page as of an edition."""
    dated = replace(selection, lang=context.localizer.language, asof=f"e{edition.id}")
    return build_share_url(path, dated, context.outlook.catalogue)


# -- calls --------------------------------------------------------------------------------------------------------


def _build_flip_entries(context: Context, feed_filter: FeedFilter, history: EditionHistory) -> Iterator[FeedEntry]:
    """An entry for each edition and market of which a call changed its verdict."""
    if not (feed_filter.flips or feed_filter.segment):
        return
    for before, after in pairwise(history.editions):
        old, new = history.verdicts.get(before.id, {}), history.verdicts.get(after.id, {})
        flips = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        wanted = [key for key in flips if feed_filter.flips or key[0] == feed_filter.segment]
        calls = history.load_calls(after) if wanted else {}
        for segment, keys in groupby(wanted, key=lambda key: key[0]):
            if segment in context.outlook.catalogue.segments:
                yield _build_flip_entry(
                    context, after, {key[1]: (old.get(key), calls.get(key)) for key in keys}, segment
                )


def _build_flip_entry(
    context: Context, edition: Vintage, flips: Mapping[int, tuple[str | None, Call | None]], segment: str
) -> FeedEntry:
    """The entry of a market; `flips` are the old verdict and the new call by horizon."""
    horizons = list(flips)
    sentences = [describe_flip(horizon, old, new, context.localizer) for horizon, (old, new) in flips.items()]
    return FeedEntry(
        edition,
        f"flip/{segment}",
        context.localizer.plural("api.feed.flip.title", len(horizons), market=context.market_title(segment)),
        " ".join([*sentences, _edition_text(edition, context.localizer)]),
        _link(context, edition, "/segment", replace(DEFAULT_SELECTION, segment=segment, horizon=horizons[0])),
    )


def describe_flip(horizon: int, old: str | None, new: Call | None, localizer: Localizer) -> str:
    """A call that changed its verdict, with the odds of clear growth that it has now."""
    flip = localizer.text(
        "api.feed.flip",
        span=localizer.plural("control.horizon.years", horizon),
        old=_verdict_text(old, localizer),
        new=_verdict_text(new.call if new else None, localizer),
    )
    if new is None or new.why or new.probability_clear is None:
        return flip
    return localizer.text(
        "api.feed.flip.odds",
        flip=flip,
        band=call_text.flat_band_text(localizer),
        word=localizer.probability_word(new.probability_clear),
        p=localizer.probability_percent(new.probability_clear),
    )


def _verdict_text(verdict: str | None, localizer: Localizer) -> str:
    return lowercase_first(localizer.text(f"call.{verdict}" if verdict else "news.calls.absent"))


# -- figures ------------------------------------------------------------------------------------------------------


def _build_indicator_entries(context: Context, indicator: str, history: EditionHistory) -> Iterator[FeedEntry]:
    """An entry for each edition that brought new figures of an indicator; one that only revised some is none."""
    headline = context.outlook.headline_key(context.outlook.catalogue.indicators[indicator])
    values: dict[tuple[SeriesKey, str], float] = {}
    for edition, changes in _group_changes(indicator, history):
        counts = count_edition_changes(changes, values)
        added = [(key, period) for key, period, value in changes if value is not None and (key, period) not in values]
        _apply(values, (((key, period), value) for key, period, value in changes))
        if added:
            newest = max(added, key=lambda row: (find_last_month(row[1]), row[0] == headline))
            figure = _figure_text(context, newest[0], values[newest], newest[1])
            yield _build_indicator_entry(context, edition, newest[0], (counts.added, counts.revised, figure))


def _build_indicator_entry(
    context: Context, edition: Vintage, key: SeriesKey, facts: tuple[int, int, str]
) -> FeedEntry:
    """The entry of an indicator; `facts` are the numbers of new and revised figures, and the newest one in words."""
    localizer, (added, revised, figure) = context.localizer, facts
    row = context.outlook.catalogue.indicators[key[0]]
    sentences = [
        localizer.text("api.feed.newest", name=format_series_name(context, key), figure=figure),
        localizer.plural("api.feed.added", added),
        localizer.plural("api.feed.revised", revised) if revised else "",
        _edition_text(edition, localizer),
    ]
    chosen = replace(DEFAULT_SELECTION, segment=row.segment, indicator=row.id, geo=key[1], item=key[2])
    return FeedEntry(
        edition,
        f"indicator/{row.id}",
        localizer.text("api.feed.indicator.title", title=localizer.field_text(row, "title")),
        " ".join(filter(None, sentences)),
        _link(context, edition, "/segment", chosen),
    )


def _build_crossing_entries(context: Context, threshold: Threshold, history: EditionHistory) -> Iterator[FeedEntry]:
    """An entry for each edition with which a series crossed a threshold."""
    values: dict[str, float] = {}
    for edition, changes in _group_changes(threshold.key[0], history):
        before = dict(values)
        _apply(values, ((period, value) for key, period, value in changes if key == threshold.key))
        crossing = find_crossing(before, values, threshold.level, is_above=threshold.is_above)
        if crossing is not None:
            yield _build_crossing_entry(context, edition, threshold, crossing)


def _build_crossing_entry(context: Context, edition: Vintage, threshold: Threshold, crossing: Crossing) -> FeedEntry:
    localizer, key = context.localizer, threshold.key
    summary = localizer.text(
        "api.feed.crossing",
        figure=_figure_text(context, key, crossing.value, crossing.period),
        before=_figure_text(context, key, crossing.previous_value, crossing.previous_period),
    )
    return FeedEntry(
        edition,
        f"threshold/{format_series_code(key)}{'>' if threshold.is_above else '<'}{threshold.value}",
        describe_threshold(context, threshold),
        f"{summary} {_edition_text(edition, localizer)}",
        _link(context, edition, *_choose_threshold_page(context, threshold)),
    )


def _choose_threshold_page(context: Context, threshold: Threshold) -> tuple[str, Selection]:
    """The page of purchases with the threshold where it has the series and takes the number, else the market's."""
    indicator, geo, item = threshold.key
    row = context.outlook.catalogue.indicators[indicator]
    inputs = {context.outlook.headline_key(each) for each in list_forecast_inputs(context.outlook)}
    if threshold.key in inputs and threshold.level > 0:
        side = "above" if threshold.is_above else "below"
        return "/purchasing", replace(
            DEFAULT_SELECTION, segment=PURCHASING_SEGMENT, indicator=indicator, threshold=threshold.value, side=side
        )
    return "/segment", replace(DEFAULT_SELECTION, segment=row.segment, indicator=indicator, geo=geo, item=item)


def describe_threshold(context: Context, threshold: Threshold) -> str:
    """A threshold in words: the series, the side, the level with its unit."""
    return context.localizer.text(
        "api.feed.threshold.above" if threshold.is_above else "api.feed.threshold.below",
        name=format_series_name(context, threshold.key),
        level=_amount_text(context, threshold.key, threshold.level),
    )


def _figure_text(context: Context, key: SeriesKey, value: float, period: str) -> str:
    """A value with its unit and its period."""
    amount, localizer = _amount_text(context, key, value), context.localizer
    return localizer.text("api.feed.figure", amount=amount, period_in=localizer.period_phrase(period))


def _amount_text(context: Context, key: SeriesKey, value: float) -> str:
    """A value with its unit and all its digits: rounded, it could stand on the other side of a threshold."""
    indicator, history = context.outlook.catalogue.indicators[key[0]], context.outlook.panel.get(key)
    unit = choose_unit(indicator, history.values if history else np.array([value]), context.localizer)
    shown = unit.convert(value)
    text = context.localizer.number(shown, len(format_plain_number(shown).partition(".")[2]))
    return append_unit(text, unit.noun_for(value), unit)


def _edition_text(edition: Vintage, localizer: Localizer) -> str:
    return f"{localizer.text('api.feed.entry', id=edition.id, day=localizer.datetime_day(edition.at))}."


def _group_changes(
    indicator: str, history: EditionHistory
) -> Iterator[tuple[Vintage, list[tuple[SeriesKey, str, float | None]]]]:
    """What each edition wrote to an indicator, oldest first."""
    editions = {row.id: row for row in history.editions}
    for number, group in groupby(history.load_changes(indicator), key=lambda row: row[0]):
        if number in editions:
            yield editions[number], [row[1:] for row in group]


def _apply(values: dict[Any, float], changes: Iterable[tuple[Any, float | None]]) -> None:
    """Writes changes into values; None withdraws one."""
    for key, value in changes:
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value

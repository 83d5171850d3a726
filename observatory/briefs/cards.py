"""What a page says in the space of a card: a title that holds the call, and the sentence; no chart is drawn for it.

Titles of windows, previews of links and the screens of a meeting are made of it.
"""

from dataclasses import dataclass, replace
from typing import Any

from observatory.briefs import overview
from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import edition_text
from observatory.briefs.common.model import IntervalBar
from observatory.briefs.segment import page as segment
from observatory.briefs.track_record import page as track_record
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call


@dataclass(frozen=True)
class Card:
    """A page in a few words. `call` is empty where there is none; `markets` are calls and names, for an overview."""

    name: str
    title: str
    sentence: str
    date: str
    edition: str
    call: str = ""
    label: str = ""
    odds: str = ""
    growth: str = ""
    range: str = ""
    bar: IntervalBar | None = None
    markets: tuple[tuple[str, str], ...] = ()


def build_title_card(context: Context, page: str) -> Card:
    """The card of a page that has none of its own: its title and what it is for."""
    title = context.localizer.text(f"page.{page}")
    return _build_plain_card(context, title, title, context.localizer.text(f"social.about.{page}"))


def window_title_text(title: str, localizer: Localizer) -> str:
    """A title with the name of the house, as it stands in the tab of a browser."""
    return localizer.text("social.title", title=title)


def _build_plain_card(context: Context, name: str, title: str, sentence: str) -> Card:
    localizer = context.localizer
    date = localizer.text("social.date", date=localizer.day(context.outlook.day))
    return Card(name, title, sentence, date, edition_text(context.outlook, localizer))


def build_overview_card(context: Context) -> Card:
    """The card of the overview: every market with its call."""
    localizer = context.localizer
    pairs, year = overview.rank_markets(context.outlook, context.selection.horizon)
    made = _build_plain_card(
        context,
        localizer.text("page.overview"),
        localizer.text("social.overview"),
        overview.lead_text(pairs, year, localizer),
    )
    return replace(made, markets=tuple((call.call, localizer.field_text(row, "title")) for row, call in pairs))


def build_segment_card(context: Context) -> Card:
    """The card of a market: its name with its call, and the odds."""
    outlook, localizer = context.outlook, context.localizer
    chosen = outlook.catalogue.segments[context.selection.segment or next(iter(outlook.catalogue.segments))]
    name = localizer.field_text(chosen, "title")
    sentence = segment.lead_text(context)
    call = outlook.calls.get((chosen.id, context.selection.horizon))
    if call is None:
        return _build_plain_card(context, name, name, sentence)
    return replace(
        _build_plain_card(context, name, _call_title_text(name, call, localizer), sentence),
        call=call.call,
        label=call_text.label_text(call, localizer),
        **_build_odds_fields(call, localizer),
    )


def _call_title_text(name: str, call: Call, localizer: Localizer) -> str:
    """A market and its call; the probability is that of growth, so it stands beside no other verdict."""
    label = call_text.label_text(call, localizer)
    label = label[:1].lower() + label[1:]
    if call.call == "growing" and call.probability_clear is not None:
        return localizer.text(
            "social.growing", name=name, label=label, p=localizer.probability_percent(call.probability_clear)
        )
    return localizer.text("social.call", name=name, label=label)


def _build_odds_fields(call: Call, localizer: Localizer) -> dict[str, Any]:
    if call.probability_clear is None or call.growth is None or call.low is None or call.high is None:
        return {}
    chance, p = (
        localizer.probability_word(call.probability_clear),
        localizer.probability_percent(call.probability_clear),
    )
    return {
        "odds": localizer.text("social.odds", band=call_text.flat_band_text(localizer), word=chance, p=p),
        "growth": localizer.growth(call.growth),
        "range": localizer.text("ranking.range", low=localizer.growth(call.low), high=localizer.growth(call.high)),
        "bar": IntervalBar(call.low * 100, call.growth * 100, call.high * 100),
    }


def build_track_record_card(context: Context) -> Card:
    """The card of the track record: its lead."""
    title = context.localizer.text("page.track_record")
    return _build_plain_card(context, title, title, track_record.lead_text(context))

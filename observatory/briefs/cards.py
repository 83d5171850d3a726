"""Cards of pages: a title with the call and one sentence, without a chart.

Window titles, link previews and the screens of a meeting are made from them.
"""

from dataclasses import dataclass, replace
from typing import Any

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.figures.disclosure import edition_text
from observatory.briefs.overview.page import lead_text
from observatory.briefs.overview.ranking import rank_markets
from observatory.briefs.segment.page import segment_end_text, segment_lead_text
from observatory.briefs.track_record.page import record_lead_text
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call
from observatory.typography import capitalize_first, lowercase_first


@dataclass(frozen=True)
class Card:
    """The summary of a page. `call` is empty for a page without one; `markets` are (call, name), for an overview."""

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
    """The card of a page that has none of its own: its title and its purpose."""
    title = context.localizer.text(f"page.{page}")
    return _build_plain_card(context, title, title, context.localizer.text(f"social.about.{page}"))


def window_title_text(title: str, localizer: Localizer) -> str:
    """A title followed by the name of the application, for the browser tab."""
    return localizer.text("social.title", title=title)


def _build_plain_card(context: Context, name: str, title: str, sentence: str) -> Card:
    localizer = context.localizer
    date = localizer.text("social.date", date=localizer.day(context.outlook.day))
    return Card(name, title, sentence, date, edition_text(context.outlook, localizer))


def build_overview_card(context: Context) -> Card:
    """The card of the overview: every market with its call."""
    localizer = context.localizer
    pairs, year = rank_markets(context.outlook, context.selection.horizon)
    card = _build_plain_card(
        context,
        localizer.text("page.overview"),
        localizer.text("social.overview"),
        lead_text(pairs, year, localizer),
    )
    return replace(
        card,
        date=capitalize_first(calls_end_text((call for _segment, call in pairs), localizer)),
        markets=tuple((call.call, localizer.field_text(row, "title")) for row, call in pairs),
    )


def build_segment_card(context: Context) -> Card:
    """The card of a market: its name with its call, and the probability."""
    outlook, localizer = context.outlook, context.localizer
    segment_id = context.selection.segment or next(iter(outlook.catalogue.segments))
    name = localizer.field_text(outlook.catalogue.segments[segment_id], "title")
    sentence = segment_lead_text(context)
    call = outlook.calls.get((segment_id, context.selection.horizon))
    title = name if call is None else _call_title_text(name, call, localizer)
    date = capitalize_first(segment_end_text(context, segment_id))
    card = replace(_build_plain_card(context, name, title, sentence), date=date)
    if call is None:
        return card
    return replace(
        card,
        call=call.call,
        label=call_text.label_text(call, localizer),
        **_build_probability_fields(call, localizer),
    )


def _call_title_text(name: str, call: Call, localizer: Localizer) -> str:
    """A market and its call; a growing one has its probability, which is that of clear growth, others have none."""
    label = lowercase_first(call_text.label_text(call, localizer))
    if call.call == "growing" and call.probability_clear is not None:
        return localizer.text(
            "social.growing", name=name, label=label, p=localizer.probability_percent(call.probability_clear)
        )
    return localizer.text("social.call", name=name, label=label)


def _build_probability_fields(call: Call, localizer: Localizer) -> dict[str, Any]:
    """The fields of a Card that a call with a probability fills."""
    if call.probability_clear is None or call.growth is None or call.low is None or call.high is None:
        return {}
    word = localizer.probability_word(call.probability_clear)
    percent = localizer.probability_percent(call.probability_clear)
    return {
        "odds": localizer.text("social.odds", band=call_text.flat_band_text(localizer), word=word, p=percent),
        "growth": localizer.growth(call.growth),
        "range": localizer.text("ranking.range", low=localizer.growth(call.low), high=localizer.growth(call.high)),
        "bar": IntervalBar(call.low * 100, call.growth * 100, call.high * 100),
    }


def build_track_record_card(context: Context) -> Card:
    """The card of the track record: its title and its lead."""
    title = context.localizer.text("page.track_record")
    return _build_plain_card(context, title, title, record_lead_text(context))

"""Scatter of the overview: past growth against expected growth, market by market."""

from collections.abc import Sequence

from observatory.catalogue.models import Segment
from observatory.charts.scatter import ScatterMark, build_scatter_chart
from observatory.language import Localizer
from observatory.outlook.calls.calls import PAST_GROWTH_YEARS, Call

_COVID_TROUGH_YEARS = (2020, 2021)  # growth measured from these years is inflated by the Covid trough
_MIN_CLEAR_GROWTH_GAP = 0.02  # growth a year by which expected and past growth must differ to be faster or slower


def build_scatter(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> dict[str, object] | None:
    """Past and expected growth of each market (Vega-Lite); None below two markets with both."""
    marks = [
        ScatterMark(
            localizer.field_text(segment, "title"),
            call.call,
            call.past * 100,
            call.growth * 100,
            call.low * 100,
            call.high * 100,
        )
        for segment, call in pairs
        if call.past is not None and call.growth is not None and call.low is not None and call.high is not None
    ]
    if len(marks) < 2:
        return None
    return build_scatter_chart(marks, localizer.language, localizer.text("scatter.diagonal"))


def scatter_alt_text(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> str:
    """The text alternative of the scatter: past and expected growth of each market."""
    parts = [
        localizer.text(
            "scatter.alt.mark",
            market=localizer.field_text(segment, "title"),
            past=localizer.growth(call.past),
            expected=localizer.growth(call.growth),
        )
        for segment, call in pairs
        if call.past is not None and call.growth is not None
    ]
    return localizer.text("scatter.alt", marks="; ".join(parts))


def build_scatter_terms(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> tuple[tuple[str, str], ...]:
    """The scatter as text: markets that should grow faster or slower than before, then caveats on the comparison."""
    faster: list[str] = []
    slower: list[str] = []
    for segment, call in pairs:
        if call.past is None or call.growth is None or call.why or abs(call.growth - call.past) < _MIN_CLEAR_GROWTH_GAP:
            continue
        (faster if call.growth > call.past else slower).append(localizer.field_text(segment, "title"))
    terms = []
    for key, names in (("reading.faster", faster), ("reading.slower", slower)):
        if names:
            terms.append((localizer.text(key), localizer.list_text(names) + "."))
    if _starts_in_trough(pairs):
        terms.append((localizer.text("reading.base"), localizer.text("reading.base.text")))
    crossing = sum(
        1 for _segment, call in pairs if call.low is not None and call.high is not None and call.low < 0 < call.high
    )
    if crossing:
        terms.append((localizer.text("reading.zero"), localizer.plural("reading.zero.text", crossing)))
    return tuple(terms)


def _starts_in_trough(pairs: Sequence[tuple[Segment, Call]]) -> bool:
    """Whether past growth counts from the trough of Covid in some market."""
    return any(
        call.past is not None and call.index_last - PAST_GROWTH_YEARS in _COVID_TROUGH_YEARS for _segment, call in pairs
    )


def past_head_text(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> str:
    """The head of the column of past growth; it says where that growth counts from the trough of Covid."""
    return localizer.text("ranking.past.head.trough" if _starts_in_trough(pairs) else "ranking.past.head")

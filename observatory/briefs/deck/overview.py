"""The first slides of the deck of the overview."""

from collections.abc import Sequence

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.deck.market import build_market_slide
from observatory.briefs.deck.model import AnswerSlide, DeckSlide
from observatory.briefs.deck.parts import build_groups, build_ranking_slide, build_record_key, build_record_slide
from observatory.briefs.overview.page import lead_text
from observatory.briefs.overview.ranking import rank_markets
from observatory.briefs.track_record.model import KeyFigure
from observatory.catalogue.models import Segment
from observatory.language import round_percent
from observatory.outlook.calls.calls import Call

_Pairs = Sequence[tuple[Segment, Call]]


def build_overview_deck(context: Context) -> tuple[DeckSlide, ...]:
    """The answer, the ranking in bars, its first market, how sure."""
    pairs, year = rank_markets(context.outlook, context.selection.horizon)
    if not pairs:
        return ()
    slides = (
        _build_answer(context, pairs, year),
        build_ranking_slide(context),
        build_market_slide(context, pairs[0][0].id),
        build_record_slide(context),
    )
    return tuple(slide for slide in slides if slide is not None)


def _build_answer(context: Context, pairs: _Pairs, year: int) -> AnswerSlide:
    localizer = context.localizer
    growing = sum(call.call == "growing" for _segment, call in pairs)
    unclear = sum(call.call == "unclear" for _segment, call in pairs)
    title = (
        localizer.plural("export.deck.overview.title", growing, total=len(pairs), year=year)
        if growing
        else lead_text(pairs, year, localizer)
    )
    lead = localizer.plural("overview.unclear", unclear) if unclear else ""
    keys = (_build_first_key(context, pairs[0]), build_record_key(context), _build_decline_key(context, pairs))
    return AnswerSlide(title, lead, tuple(key for key in keys if key is not None), build_groups(context))


def _build_first_key(context: Context, first: tuple[Segment, Call]) -> KeyFigure | None:
    """The odds of the first market of the ranking."""
    segment, call = first
    localizer = context.localizer
    if call.probability_clear is None:
        return None
    text = localizer.text(
        "export.deck.key.first",
        market_of=localizer.field_text(segment, "of"),
        band=call_text.flat_band_text(localizer),
    )
    value = localizer.probability_percent(call.probability_clear)
    unit = localizer.text("export.firm.of_100")
    return KeyFigure(value, unit, text, dots=round_percent(call.probability_clear))


def _build_decline_key(context: Context, pairs: _Pairs) -> KeyFigure:
    """How many markets are called in decline, and that we hardly can."""
    localizer = context.localizer
    shrinking = sum(call.call == "shrinking" for _segment, call in pairs)
    text = localizer.plural("export.deck.key.decline", shrinking)
    if all(call.low is None or call.low < 0 for _segment, call in pairs):
        text = f"{text} {localizer.text('overview.crossing')}"
    return KeyFigure(localizer.number(shrinking), "", text, is_expected=False)

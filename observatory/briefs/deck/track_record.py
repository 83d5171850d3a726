"""The first slides of the deck of the track record."""

from observatory.briefs.common.context import Context
from observatory.briefs.deck.model import AnswerSlide, DeckSlide
from observatory.briefs.deck.parts import build_record_key, build_record_slide
from observatory.briefs.track_record.model import TrackRecordBrief


def build_track_record_deck(context: Context, brief: TrackRecordBrief) -> tuple[DeckSlide, ...]:
    """The record in a sentence and a figure, then said against came; nothing where no call was replayed."""
    key, record = build_record_key(context), build_record_slide(context)
    if key is None or record is None:
        return ()
    return (AnswerSlide(brief.lead.removesuffix("."), " ".join(brief.under[:1]), (key,)), record)

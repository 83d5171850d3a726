"""The first slides of a deck, each by its kind."""

from typing import Any

from observatory.briefs.deck.model import AnswerSlide, ChartSlide, DeckSlide, RankingSlide, TableSlide
from observatory.export.document import Document
from observatory.export.pptx.slides.answer import add_answer
from observatory.export.pptx.slides.chart import add_chart_with_reasons
from observatory.export.pptx.slides.ranking import add_ranking
from observatory.export.pptx.slides.record import add_record
from observatory.export.pptx.slides.table import add_table_slide


def add_highlight(deck: Any, slide: DeckSlide, document: Document) -> None:
    """Adds a slide of its kind, with speaker notes."""
    if isinstance(slide, AnswerSlide):
        add_answer(deck, slide, document)
    elif isinstance(slide, RankingSlide):
        add_ranking(deck, slide, document)
    elif isinstance(slide, ChartSlide):
        add_chart_with_reasons(deck, slide, document)
    elif isinstance(slide, TableSlide):
        add_table_slide(deck, slide, document)
    else:
        add_record(deck, slide, document)

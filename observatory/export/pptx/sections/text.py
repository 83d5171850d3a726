"""Slides of text, in two columns."""

from collections.abc import Iterator, Sequence
from typing import Any

from observatory.export.common.fonts import TEXT_FONT_BOLD
from observatory.export.document import Document, Section
from observatory.export.pptx.frame import BODY_BOTTOM, add_slide, write_notes
from observatory.export.pptx.parts import CONTENT_WIDTH, MARGIN_LEFT, SlideParagraph, add_textbox, measure_height
from observatory.export.pptx.sections.grid import BODY_TOP, GAP
from observatory.language import Localizer

TEXT_SIZES = (20.0, 18.0, 16.0, 14.0, 12.5)  # of paragraphs on a slide of their own


def add_text_slides(deck: Any, section: Section, document: Document) -> None:
    """Text in two columns, on as many slides as it needs."""
    localizer = Localizer(document.language)
    width = (CONTENT_WIDTH - GAP) / 2
    size = 14.0 if section.terms else _choose_text_size(section.paragraphs, width)
    blocks = [[SlideParagraph(text, size, space_after=8)] for text in section.paragraphs]
    blocks += [
        [SlideParagraph(term, 13, TEXT_FONT_BOLD, space_after=2), SlideParagraph(text, 12.5, space_after=10)]
        for term, text in section.terms
    ]
    for index, columns in enumerate(_pair_columns(blocks, width)):
        title = section.title if not index else localizer.text("export.continued", title=section.title)
        slide = add_slide(deck, document, title, section.subtitle if not index else "", section.source)
        for side, paragraphs in enumerate(columns):
            add_textbox(
                slide.shapes,
                (MARGIN_LEFT + side * (width + GAP), BODY_TOP + 6, width, BODY_BOTTOM - BODY_TOP - 6),
                paragraphs,
            )
        write_notes(
            slide, document, [title, section.subtitle, *(row.text for paragraphs in columns for row in paragraphs)]
        )


def _choose_text_size(paragraphs: Sequence[str], width: float) -> float:
    """The largest font size at which each paragraph fits into a column."""
    heights = {
        size: max((measure_height([SlideParagraph(text, size)], width) for text in paragraphs), default=0.0)
        for size in TEXT_SIZES
    }
    return next((size for size in TEXT_SIZES if heights[size] <= BODY_BOTTOM - BODY_TOP - 10), TEXT_SIZES[-1])


def _pair_columns(blocks: Sequence[list[SlideParagraph]], width: float) -> Iterator[list[list[SlideParagraph]]]:
    """Blocks of paragraphs in pairs of columns; a block is never split."""
    columns: list[list[SlideParagraph]] = [[]]
    used = 0.0
    for block in blocks:
        needed = measure_height(block, width)
        if columns[-1] and used + needed > BODY_BOTTOM - BODY_TOP - 10:
            columns.append([])
            used = 0.0
        columns[-1] += block
        used += needed
    for start in range(0, len(columns), 2):
        yield columns[start : start + 2]

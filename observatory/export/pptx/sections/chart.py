"""Slides of charts: one with its text, or two small ones next to each other."""

from collections.abc import Sequence
from typing import Any

from observatory.briefs.common.model import Figure
from observatory.briefs.deck.model import ChartSlide
from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT, TEXT_FONT_BOLD
from observatory.export.document import Document, Section
from observatory.export.pptx.charts.chart import add_chart
from observatory.export.pptx.frame import BODY_BOTTOM, add_chart_picture, add_slide, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_textbox,
    fit_paragraph,
    measure_height,
    to_emu,
)
from observatory.export.pptx.sections.grid import BODY_TOP, GAP, MAIN_WIDTH, SIDE_WIDTH
from observatory.language import Localizer

_PAIR_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)  # of texts around two charts


def add_chart_pair(deck: Any, sections: Sequence[Section], document: Document) -> None:
    """Two small charts next to each other, each under its title, with its takeaway below."""
    localizer = Localizer(document.language)
    slide = add_slide(deck, document, localizer.text("export.deck.pair", title=document.title))
    width = (CONTENT_WIDTH - GAP) / 2
    top, height = 84.0, 272.0
    for side, section in enumerate(sections):
        figure = section.figure
        assert figure is not None
        left = MARGIN_LEFT + side * (width + GAP)
        subtitle = figure.plot_data.subtitle if figure.plot_data is not None else ""
        heads = [
            fit_paragraph(SlideParagraph(section.title, 13, HEAD_FONT, space_after=1), width, 17, _PAIR_SIZES),
            fit_paragraph(SlideParagraph(subtitle or section.subtitle, 10, colour="muted"), width, 26, _PAIR_SIZES),
        ]
        add_textbox(slide.shapes, (left, top, width, 44), heads)
        box = (left, top + 46, width, height)
        if figure.plot_data is not None:
            frame = add_chart(slide.shapes, to_emu(box), figure.plot_data, localizer, font_size=10)
            frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
        else:
            add_chart_picture(slide.shapes, figure, box)
        texts_top = top + 46 + height + 4
        texts = fit_paragraph(
            SlideParagraph(" ".join(section.paragraphs[:1]), 12, TEXT_FONT_BOLD), width, 54, _PAIR_SIZES
        )
        add_textbox(slide.shapes, (left, texts_top, width, 54), [texts])
        source = fit_paragraph(SlideParagraph(section.source, 8, colour="muted"), width, 30, _PAIR_SIZES)
        add_textbox(slide.shapes, (left, BODY_BOTTOM - 26, width, 30), [source])
    sentences = [text for row in sections for text in (row.title, row.subtitle, *row.paragraphs, row.source)]
    write_notes(slide, document, sentences)


def _is_plot_in_deck(figure: Figure, document: Document) -> bool:
    """Whether one of the first slides draws the figures of a chart, so that it is shown as on the page: a map."""
    plots = [slide.figure.plot_data for slide in document.deck if isinstance(slide, ChartSlide)]
    return figure.plot_data is not None and figure.plot_data in plots


def add_chart_slide(deck: Any, section: Section, document: Document) -> None:
    """A chart with its text next to it; a chart without plot data is added as a picture."""
    figure = section.figure
    assert figure is not None
    assert figure.spec is not None
    plot = None if _is_plot_in_deck(figure, document) else figure.plot_data
    subtitle = plot.subtitle if plot is not None and plot.subtitle else section.subtitle
    slide = add_slide(deck, document, section.title, subtitle, section.source)
    box = (MARGIN_LEFT, BODY_TOP, MAIN_WIDTH, BODY_BOTTOM - BODY_TOP - 4)
    if plot is not None:
        frame = add_chart(slide.shapes, to_emu(box), plot, Localizer(document.language))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        add_chart_picture(slide.shapes, figure, box)
    texts = [
        SlideParagraph(text, 14 if not index else 11.5, TEXT_FONT_BOLD if not index else TEXT_FONT, space_after=8)
        for index, text in enumerate(section.paragraphs)
    ]
    while len(texts) > 1 and measure_height(texts, SIDE_WIDTH) > BODY_BOTTOM - BODY_TOP:
        texts.pop()  # it stays in the notes
    add_textbox(
        slide.shapes, (MARGIN_LEFT + MAIN_WIDTH + GAP, BODY_TOP + 6, SIDE_WIDTH, BODY_BOTTOM - BODY_TOP - 6), texts
    )
    write_notes(slide, document, [section.title, section.subtitle, *section.paragraphs, section.source], figure)

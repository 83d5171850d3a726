"""Document on one PDF page: the answer, its charts, two columns of text, the sources; always fits."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Frame, KeepInFrame, Spacer, Table, TableStyle

from observatory.export.common import fonts
from observatory.export.common.sources import describe_publishers
from observatory.export.document import Document, Section, has_chart
from observatory.export.pdf.page import create_canvas, draw_page_frame
from observatory.export.pdf.parts import (
    NARROW_POINTS_PER_PX,
    POINTS_PER_PX,
    CallChip,
    ChartFlowable,
    HorizontalRule,
    build_link_paragraph,
    build_paragraph,
)
from observatory.language import Localizer

_MARGIN_LEFT, _MARGIN_TOP, _MARGIN_BOTTOM = 16 * mm, 46.0, 52.0
_CONTENT_WIDTH = A4[0] - 2 * _MARGIN_LEFT
_COLUMN_GAP = 16.0
_COLUMN_WIDTH = (_CONTENT_WIDTH - _COLUMN_GAP) / 2
_CHART_HEIGHT = 190.0  # points
_MIN_CHART_SCALE = 0.6  # of these heights, where there is much text


def write_sheet(document: Document, out: io.BytesIO) -> None:
    """Writes the page to `out`."""
    canvas = create_canvas(document, out)
    draw_page_frame(canvas, document, _MARGIN_LEFT, _CONTENT_WIDTH, numbered=False)
    canvas.bookmarkPage("opening")
    canvas.addOutlineEntry(fonts.replace_undrawable(document.title), "opening", 0)
    height = A4[1] - _MARGIN_TOP - _MARGIN_BOTTOM
    frame = Frame(_MARGIN_LEFT, _MARGIN_BOTTOM, _CONTENT_WIDTH, height, 0, 0, 0, 0)
    story = _build_story(document, 1.0)
    excess = _measure_story(story) - height
    if excess > 0:
        charts = sum(has_chart(row) for row in document.sections)
        chart_height = _CHART_HEIGHT * min(charts, 1)  # two stand side by side
        story = _build_story(document, max(1 - excess / chart_height, _MIN_CHART_SCALE) if chart_height else 1.0)
    frame.addFromList([KeepInFrame(_CONTENT_WIDTH, height, story, mode="shrink")], canvas)
    canvas.showPage()
    canvas.save()


def _measure_story(story: list[Flowable]) -> float:
    """The height of a story in points, the space after each part included."""
    return float(sum(part.wrap(_CONTENT_WIDTH, A4[1])[1] + part.getSpaceAfter() for part in story))


def _build_story(document: Document, chart_scale: float) -> list[Flowable]:
    """The parts of the page, with the heights of its charts times `chart_scale`."""
    story: list[Flowable] = [build_paragraph(document.lead, "lead")]
    if document.call:
        story += [
            CallChip(document.call, document.call_label),
            Spacer(1, 2),
            build_paragraph(document.call_line, "strong"),
        ]
    story += [build_paragraph(text, "note") for text in document.under]
    charts = [row for row in document.sections if has_chart(row)]
    texts = [row for row in document.sections if not has_chart(row)]
    if len(charts) == 1:
        story += [Spacer(1, 4), *_build_chart(charts[0], _CONTENT_WIDTH, _CHART_HEIGHT * chart_scale)]
    else:
        story += _build_columns([_build_chart(row, _COLUMN_WIDTH, _CHART_HEIGHT * chart_scale) for row in charts])
    story += _build_columns([_build_texts(row) for row in texts[:2]])
    story += [part for row in texts[2:] for part in (Spacer(1, 4), *_build_texts(row))]
    story += _build_sources(document)
    return story


def _build_chart(section: Section, width: float, height: float) -> list[Flowable]:
    assert section.figure is not None
    assert section.figure.spec is not None
    scale = NARROW_POINTS_PER_PX if width < _CONTENT_WIDTH else POINTS_PER_PX
    return [
        HorizontalRule(1.2),
        build_paragraph(section.title, "head"),
        build_paragraph(section.subtitle, "source"),
        ChartFlowable(section.figure.spec, width, height, scale),
        *(build_paragraph(text, "note") for text in section.paragraphs),
    ]


def _build_texts(section: Section) -> list[Flowable]:
    return [
        HorizontalRule(1.2),
        build_paragraph(section.title, "head"),
        *(build_paragraph(text, "note") for text in section.paragraphs),
    ]


def _build_columns(cells: Sequence[list[Flowable]]) -> list[Flowable]:
    """Two columns; one alone takes the left half."""
    if not cells:
        return []
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), fonts.TEXT_FONT),  # else reportlab names Helvetica
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (0, -1), _COLUMN_GAP),
            ("RIGHTPADDING", (1, 0), (1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return [
        Table([[*cells, ""][:2]], colWidths=[_COLUMN_WIDTH + _COLUMN_GAP, _COLUMN_WIDTH], style=style, hAlign="LEFT")
    ]


def _build_sources(document: Document) -> list[Flowable]:
    """Publishers with their licences, then the method and the dated link."""
    localizer = Localizer(document.language)
    return [
        Spacer(1, 4),
        HorizontalRule(1.2),
        build_paragraph(describe_publishers(document), "source"),
        build_paragraph(" ".join(document.method[:1]), "source"),
        build_link_paragraph(f"{document.edition_text}. {localizer.text('export.link')}", document.link, "source"),
    ]

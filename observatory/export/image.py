"""SVG and PNG of the cover chart of a page, complete in itself: title, unit, source, licence, edition, link."""

import base64
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.brand_logo import read_file_brand
from observatory.export.common.fonts import (
    FALLBACK_FONT,
    HEAD_FONT,
    TEXT_FONT,
    TEXT_FONT_BOLD,
    measure_text,
    replace_undrawable,
    split_fonts,
    wrap_lines,
)
from observatory.export.common.scripts import set_visually
from observatory.export.common.vega import render_png, render_svg
from observatory.export.document import Document, map_texts
from observatory.language import Localizer
from observatory.settings import PACKAGE_DIR

_WIDTH, _MARGIN = 1000, 40  # px
_CONTENT_WIDTH = _WIDTH - 2 * _MARGIN
_LOGO_WIDTH, _LOGO_HEIGHT = 160.0, 30.0  # px, at most
_PIXEL_RATIO = 2  # pixels of the PNG per px
_LINE_HEIGHT = 1.32
_WIDTH_SAFETY = 0.95  # for the letters of an address that are wider than its average
_WEB_FONT_FOLDER = PACKAGE_DIR / "pages" / "assets" / "fonts"
_FONT_FAMILIES = {
    HEAD_FONT: ("Newsreader, 'Newsreader 16pt 16pt', serif", 600),  # as on the web, and as the file itself says
    TEXT_FONT: ("IBM Plex Sans", 400),
    TEXT_FONT_BOLD: ("IBM Plex Sans", 600),
}
_FALLBACK_FAMILY = "DejaVu Sans, sans-serif"
_FONT_FILES = (
    ("B612", 400, "b612-latin-400-normal"),
    ("B612", 700, "b612-latin-700-normal"),
    ("Newsreader", 600, "newsreader-latin-600-normal"),
    ("IBM Plex Sans", 400, "ibm-plex-sans-latin-400-normal"),
    ("IBM Plex Sans", 600, "ibm-plex-sans-latin-600-normal"),
)


def write_svg(document: Document) -> bytes:
    """The chart as SVG with its fonts embedded. Only for documents with a cover chart."""
    return _compose_svg(document, _embed_fonts()).encode("utf-8")


def write_png(document: Document) -> bytes:
    """The chart as PNG, with two pixels per px. Only for documents with a cover chart."""
    return render_png(_compose_svg(map_texts(document, replace_undrawable), ""), _PIXEL_RATIO)


def _compose_svg(document: Document, font_style: str) -> str:
    section = document.cover_section
    assert section is not None
    assert section.figure is not None
    assert section.figure.spec is not None
    localizer = Localizer(document.language)
    texts = (*section.paragraphs, "", "")  # the first is the takeaway
    parts: list[str] = []
    top = _add_brand(parts, localizer.text("app.name"), document.kicker)
    top = _add_paragraph(parts, section.title, HEAD_FONT, 26, "ink", top + 14)
    top = _add_paragraph(parts, section.subtitle, TEXT_FONT, 15, "muted", top + 4)
    chart = render_svg(section.figure.spec, _CONTENT_WIDTH)
    chart_height = float(section.figure.spec["height"])
    parts.append(chart.replace("<svg ", f'<svg x="{_MARGIN}" y="{top + 6:g}" ', 1))
    top += chart_height + 14
    top = _add_paragraph(parts, texts[0], TEXT_FONT_BOLD, 17, "ink", top)
    top = _add_paragraph(parts, texts[1], TEXT_FONT, 15, "ink", top + 2)
    top = _add_paragraph(parts, section.source, TEXT_FONT, 13, "muted", top + 6)
    top = _add_paragraph(
        parts, f"{document.edition_text}. {localizer.text('export.link')}", TEXT_FONT, 13, "muted", top
    )
    top = _add_paragraph(parts, document.link, TEXT_FONT, 11, "muted", top)
    height = round(top + 22)
    alt = escape(f"{section.title}. {section.figure.alt}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{_WIDTH}" '
        f'height="{height}" viewBox="0 0 {_WIDTH} {height}" role="img" xml:lang="{document.language}">'
        f"<title>{alt}</title>{font_style}"
        f'<rect width="{_WIDTH}" height="{height}" fill="{COLOUR_TOKENS["paper"][0]}"/>{"".join(parts)}</svg>'
    )


def _add_brand(parts: list[str], name: str, kicker: str) -> float:
    """Adds mark, name, logo of the brand and kicker over a line in its colour; returns the bottom."""
    brand, ink, needle = read_file_brand(), COLOUR_TOKENS["ink"][0], COLOUR_TOKENS["forecast"][0]
    parts.append(
        f'<circle cx="{_MARGIN + 8}" cy="34" r="7" fill="none" stroke="{ink}" stroke-width="2.5"/>'
        f'<path d="M{_MARGIN + 7},35 L{_MARGIN + 16},26" stroke="{needle}" stroke-width="2.5"/>'
        f'<rect x="{_MARGIN}" y="52" width="{_CONTENT_WIDTH}" height="3" fill="{brand.accent or ink}"/>'
    )
    parts.append(_text_element(name, HEAD_FONT, 19, "ink", (_MARGIN + 24, 40)))
    if brand.png:
        width, height = brand.fit_logo(_LOGO_WIDTH, _LOGO_HEIGHT)
        left = _MARGIN + 24 + measure_text(name, HEAD_FONT, 19) + 16
        data = base64.b64encode(brand.png).decode("ascii")
        parts.append(
            f'<image x="{left:g}" y="{34 - height / 2:g}" width="{width:g}" height="{height:g}" '
            f'xlink:href="data:image/png;base64,{data}"/>'
        )
    parts.append(_text_element(kicker, TEXT_FONT, 14, "muted", (_WIDTH - _MARGIN, 40), anchor="end"))
    return 66.0


def _add_paragraph(parts: list[str], text: str, font: str, size: float, colour: str, top: float) -> float:
    """Adds a paragraph below `top`; returns its bottom."""
    for line in _break_lines(text, font, size) if text else ():
        top += size * _LINE_HEIGHT
        parts.append(_text_element(line, font, size, colour, (_MARGIN, top - size * 0.26)))
    return top


def _break_lines(text: str, font: str, size: float) -> Iterable[str]:
    """Lines that fit the content width; an address without spaces is cut."""
    for line in wrap_lines(text, font, size, _CONTENT_WIDTH):
        rest = line
        while (width := measure_text(rest, font, size)) > _CONTENT_WIDTH:
            count = int(len(rest) * _CONTENT_WIDTH / width * _WIDTH_SAFETY)
            yield rest[:count]
            rest = rest[count:]
        yield rest


def _text_element(
    text: str, font: str, size: float, colour: str, position: tuple[float, float], anchor: str = "start"
) -> str:
    """A line of text as SVG; `position` is the anchor on the baseline, in px."""
    x, y = position
    family, weight = _FONT_FAMILIES[font]
    content = _build_spans(text, font, size, x) if anchor == "start" else escape(text)
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{family}" font-weight="{weight}" font-size="{size:g}px" '
        f'fill="{COLOUR_TOKENS[colour][0]}" text-anchor="{anchor}">{content}</text>'
    )


def _build_spans(text: str, font: str, size: float, x: float) -> str:
    """The content of a line; parts in the fallback font have places of their own, or it would draw the whole line."""
    parts = list(split_fonts(text, font))
    if len(parts) == 1 or set_visually(text) != text:  # a part from right to left must stay whole
        return escape(text)
    spans: list[str] = []
    for name, part in parts:
        family = f' font-family="{_FALLBACK_FAMILY}"' if name == FALLBACK_FONT else ""
        spans.append(f'<tspan x="{x:g}"{family}>{escape(part)}</tspan>')
        x += measure_text(part, font, size)
    return "".join(spans)


@lru_cache(maxsize=1)
def _embed_fonts() -> str:
    """A style element with the web fonts, so that the SVG looks the same where they are not installed."""
    rules = []
    for family, weight, name in _FONT_FILES:
        data = base64.b64encode((_WEB_FONT_FOLDER / f"{name}.woff2").read_bytes()).decode("ascii")
        source = f"url(data:font/woff2;base64,{data}) format('woff2')"
        rules.append(f"@font-face{{font-family:'{family}';font-weight:{weight};src:{source}}}")
    return f"<style>{''.join(rules)}</style>"

"""The chart that stands for a page, as a picture that can stand alone: title, unit, source, licence, edition, link."""

import base64
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from observatory.charts.palette import TOKENS
from observatory.export.common.fonts import FIGURES, FIGURES_BOLD, TEXT, TEXT_BOLD, width, wrapped
from observatory.export.common.vega import png_of, svg_of
from observatory.export.document import Document
from observatory.language import Speaker
from observatory.settings import PACKAGE

WIDE, MARGIN = 1000, 40  # px
ROOM = WIDE - 2 * MARGIN
SCALE = 2  # pixels a px
LEADING = 1.32
CAUTION = 0.95  # letters of an address are not all as wide
WEB = PACKAGE / "pages" / "assets" / "fonts"
FACES = {
    FIGURES: ("B612", 400),
    FIGURES_BOLD: ("B612", 700),
    TEXT: ("IBM Plex Sans", 400),
    TEXT_BOLD: ("IBM Plex Sans", 600),
}
FILES = (
    ("B612", 400, "b612-latin-400-normal"),
    ("B612", 700, "b612-latin-700-normal"),
    ("IBM Plex Sans", 400, "ibm-plex-sans-latin-400-normal"),
    ("IBM Plex Sans", 600, "ibm-plex-sans-latin-600-normal"),
)


def svg(document: Document) -> bytes:
    """The drawing; its fonts travel with it. Only for documents with a chart."""
    return _drawn(document, _fonts()).encode("utf-8")


def png(document: Document) -> bytes:
    """The same as pixels, twice as many a px."""
    return png_of(_drawn(document, ""), SCALE)


def _drawn(document: Document, fonts: str) -> str:
    section = document.chosen
    assert section is not None
    assert section.figure is not None
    assert section.figure.spec is not None
    speaker = Speaker(document.language)
    parts: list[str] = []
    top = _brand(parts, speaker.say("app.name"), document.kicker)
    top = _text(parts, section.title, FIGURES_BOLD, 24, "ink", top + 14)
    top = _text(parts, section.subtitle, TEXT, 15, "muted", top + 4)
    chart = svg_of(section.figure.spec, ROOM)
    tall = float(section.figure.spec["height"])
    parts.append(chart.replace("<svg ", f'<svg x="{MARGIN}" y="{top + 6:g}" ', 1))
    top += tall + 14
    top = _text(parts, section.text[0] if section.text else "", TEXT_BOLD, 17, "ink", top)
    top = _text(parts, section.text[1] if len(section.text) > 1 else "", TEXT, 15, "ink", top + 2)
    top = _text(parts, section.source, TEXT, 13, "muted", top + 6)
    top = _text(parts, f"{document.edition}. {speaker.say('export.link')}", TEXT, 13, "muted", top)
    top = _text(parts, document.link, TEXT, 11, "muted", top)
    height = round(top + 22)
    alt = escape(f"{section.title}. {section.figure.alt}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{WIDE}" '
        f'height="{height}" viewBox="0 0 {WIDE} {height}" role="img" xml:lang="{document.language}">'
        f"<title>{alt}</title>{fonts}"
        f'<rect width="{WIDE}" height="{height}" fill="{TOKENS["paper"][0]}"/>{"".join(parts)}</svg>'
    )


def _brand(parts: list[str], name: str, kicker: str) -> float:
    """The mark, the name, where and when; a line below."""
    ink, needle = TOKENS["ink"][0], TOKENS["forecast"][0]
    parts.append(
        f'<circle cx="{MARGIN + 8}" cy="34" r="7" fill="none" stroke="{ink}" stroke-width="2.5"/>'
        f'<path d="M{MARGIN + 7},35 L{MARGIN + 16},26" stroke="{needle}" stroke-width="2.5"/>'
        f'<rect x="{MARGIN}" y="52" width="{ROOM}" height="3" fill="{ink}"/>'
    )
    parts.append(_line(name, FIGURES_BOLD, 17, "ink", MARGIN + 24, 40))
    parts.append(_line(kicker, TEXT, 14, "muted", WIDE - MARGIN, 40, anchor="end"))
    return 66.0


def _text(parts: list[str], text: str, face: str, size: float, colour: str, top: float) -> float:
    """Adds a paragraph below `top` and says where it ends."""
    for line in _broken(text, face, size) if text else ():
        top += size * LEADING
        parts.append(_line(line, face, size, colour, MARGIN, top - size * 0.26))
    return top


def _broken(text: str, face: str, size: float) -> Iterable[str]:
    """Lines that fit; an address without a space is cut where the room ends."""
    for line in wrapped(text, face, size, ROOM):
        rest = line
        while (wide := width(rest, face, size)) > ROOM:
            fits = int(len(rest) * ROOM / wide * CAUTION)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _line(text: str, face: str, size: float, colour: str, x: float, y: float, anchor: str = "start") -> str:
    family, weight = FACES[face]
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{family}" font-weight="{weight}" font-size="{size:g}px" '
        f'fill="{TOKENS[colour][0]}" text-anchor="{anchor}">{escape(text)}</text>'
    )


@lru_cache(maxsize=1)
def _fonts() -> str:
    """Our fonts inside the drawing, so that it looks the same where they are not installed."""
    rules = []
    for family, weight, name in FILES:
        data = base64.b64encode((WEB / f"{name}.woff2").read_bytes()).decode("ascii")
        source = f"url(data:font/woff2;base64,{data}) format('woff2')"
        rules.append(f"@font-face{{font-family:'{family}';font-weight:{weight};src:{source}}}")
    return f"<style>{''.join(rules)}</style>"

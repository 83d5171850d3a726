"""Makes the TrueType copies of the web fonts that files are drawn with: `python tools/make_fonts.py`.

Needs fonttools and brotli. Two signs are put right on the way, which both licences (OFL 1.1, no reserved name) allow:
the narrow no-break space, that neither web font has, and the minus of B612 Bold, that is drawn too thin in it.
"""

from pathlib import Path
from typing import Any

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

PACKAGE = Path(__file__).resolve().parents[1] / "observatory"
WEB = PACKAGE / "pages" / "assets" / "fonts"
MADE = PACKAGE / "export" / "fonts"
NARROW, MINUS = 0x202F, 0x2212
PART = 0.6  # of the width of a no-break space
# Web font, name here, web font whose minus it takes.
COPIES = (
    ("b612-latin-400-normal", "B612-Regular", ""),
    ("b612-latin-700-normal", "B612-Bold", "ibm-plex-sans-latin-600-normal"),
    ("ibm-plex-sans-latin-400-normal", "IBMPlexSans-Regular", ""),
    ("ibm-plex-sans-latin-600-normal", "IBMPlexSans-SemiBold", ""),
)


def made(source: str, minus_of: str) -> TTFont:
    """The font of a web font, as TrueType, with its narrow space and its minus."""
    font = TTFont(WEB / f"{source}.woff2", recalcTimestamp=False)
    font.flavor = None
    order = font.getGlyphOrder()
    font["glyf"]["narrow"] = Glyph()
    font["hmtx"]["narrow"] = (round(font["hmtx"][font.getBestCmap()[0xA0]][0] * PART), 0)
    font.setGlyphOrder(order if "narrow" in order else [*order, "narrow"])
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[NARROW] = "narrow"
    if minus_of:
        _minus(font, TTFont(WEB / f"{minus_of}.woff2"))
    return font


def _minus(font: Any, other: Any) -> None:
    """Draws the minus of another font, as large and as high as the one that is there, at the same width."""
    own, theirs = font.getBestCmap()[MINUS], other.getBestCmap()[MINUS]
    scale = font["head"].unitsPerEm / other["head"].unitsPerEm
    width = font["hmtx"][own][0]
    aside = (width - other["hmtx"][theirs][0] * scale) / 2
    pen = TTGlyphPen(None)
    other.getGlyphSet()[theirs].draw(TransformPen(pen, (scale, 0, 0, scale, aside, 0)))
    font["glyf"][own] = pen.glyph()
    font["hmtx"][own] = (width, font["glyf"][own].xMin if hasattr(font["glyf"][own], "xMin") else 0)


def main() -> None:
    """Writes the four files and their licences."""
    MADE.mkdir(exist_ok=True)
    for source, name, minus_of in COPIES:
        made(source, minus_of).save(MADE / f"{name}.ttf")
    for licence in WEB.glob("*LICENSE.txt"):
        (MADE / licence.name).write_bytes(licence.read_bytes())


if __name__ == "__main__":
    main()

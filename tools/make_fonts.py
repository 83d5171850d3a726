"""Builds the TrueType copies of the web fonts for exported files: `python tools/make_fonts.py`.

Needs fonttools and brotli. Corrects two characters, which both licences (OFL 1.1, no reserved name) allow: adds the
narrow no-break space, which neither web font has, and replaces the minus sign of B612 Bold, which is too thin.
"""

from pathlib import Path
from typing import Any

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

_PACKAGE = Path(__file__).resolve().parents[1] / "observatory"
_WEB_FONT_FOLDER = _PACKAGE / "pages" / "assets" / "fonts"
_OUTPUT_FOLDER = _PACKAGE / "export" / "fonts"
_NARROW_SPACE, _MINUS_SIGN = 0x202F, 0x2212
_NARROW_SPACE_SHARE = 0.6  # share of the width of a no-break space
# Web font, name of the copy, web font whose minus sign it takes (or none).
FONT_COPIES = (
    ("b612-latin-400-normal", "B612-Regular", ""),
    ("b612-latin-700-normal", "B612-Bold", "ibm-plex-sans-latin-600-normal"),
    ("ibm-plex-sans-latin-400-normal", "IBMPlexSans-Regular", ""),
    ("ibm-plex-sans-latin-600-normal", "IBMPlexSans-SemiBold", ""),
)


def build_font(source: str, minus_source: str) -> TTFont:
    """A web font as TrueType, with a narrow no-break space and the minus sign of another font if one is named."""
    font = TTFont(_WEB_FONT_FOLDER / f"{source}.woff2", recalcTimestamp=False)
    font.flavor = None
    order = font.getGlyphOrder()
    font["glyf"]["narrow"] = Glyph()
    font["hmtx"]["narrow"] = (round(font["hmtx"][font.getBestCmap()[0xA0]][0] * _NARROW_SPACE_SHARE), 0)
    font.setGlyphOrder(order if "narrow" in order else [*order, "narrow"])
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[_NARROW_SPACE] = "narrow"
    if minus_source:
        _replace_minus(font, TTFont(_WEB_FONT_FOLDER / f"{minus_source}.woff2"))
    return font


def _replace_minus(font: Any, other: Any) -> None:
    """Replaces the minus sign by that of another font, at the size, height and advance width of the present one."""
    name, other_name = font.getBestCmap()[_MINUS_SIGN], other.getBestCmap()[_MINUS_SIGN]
    scale = font["head"].unitsPerEm / other["head"].unitsPerEm
    width = font["hmtx"][name][0]
    offset = (width - other["hmtx"][other_name][0] * scale) / 2
    pen = TTGlyphPen(None)
    other.getGlyphSet()[other_name].draw(TransformPen(pen, (scale, 0, 0, scale, offset, 0)))
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = (width, font["glyf"][name].xMin if hasattr(font["glyf"][name], "xMin") else 0)


def main() -> None:
    """Writes the four fonts and their licences."""
    _OUTPUT_FOLDER.mkdir(exist_ok=True)
    for source, name, minus_source in FONT_COPIES:
        build_font(source, minus_source).save(_OUTPUT_FOLDER / f"{name}.ttf")
    for licence in _WEB_FONT_FOLDER.glob("*LICENSE.txt"):
        (_OUTPUT_FOLDER / licence.name).write_bytes(licence.read_bytes())


if __name__ == "__main__":
    main()

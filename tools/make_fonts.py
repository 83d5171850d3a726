"""Builds the fonts of exported files: `python tools/make_fonts.py`, or with the path of DejaVuSans.ttf its subset too.

Needs fonttools and brotli. Corrects two characters, which both licences (OFL 1.1, no reserved name) allow: adds the
narrow no-break space, which no web font has, and replaces the minus sign of B612 Bold, which is too thin.

The fallback is a subset of DejaVu Sans 2.37 (fonts-dejavu-core of Debian; its licence is that of Bitstream Vera, its
own changes are in the public domain): letters of other scripts, superscripts and signs, without hints.
"""

import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

_PACKAGE = Path(__file__).resolve().parents[1] / "observatory"
_WEB_FONT_FOLDER = _PACKAGE / "pages" / "assets" / "fonts"
_OUTPUT_FOLDER = _PACKAGE / "export" / "fonts"
_NARROW_SPACE, _MINUS_SIGN = 0x202F, 0x2212
_NARROW_SPACE_SHARE = 0.6  # share of the width of a no-break space
# Latin, Greek, Cyrillic, Hebrew, Arabic; punctuation, superscripts, currencies, arrows, mathematics, shapes, signs.
_FALLBACK_RANGES = (
    *((0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x591, 0x5F4), (0x600, 0x6FF)),
    *((0x1E00, 0x1EFF), (0x2010, 0x205E), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x218B), (0x2190, 0x22FF)),
    *((0x25A0, 0x25FF), (0x2600, 0x27BF), (0xFB1D, 0xFB4F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0x1F600, 0x1F64F)),
)
# Web font, name of the copy, web font whose minus sign it takes (or none).
FONT_COPIES = (
    ("b612-latin-400-normal", "B612-Regular", ""),
    ("b612-latin-700-normal", "B612-Bold", "ibm-plex-sans-latin-600-normal"),
    ("ibm-plex-sans-latin-400-normal", "IBMPlexSans-Regular", ""),
    ("ibm-plex-sans-latin-600-normal", "IBMPlexSans-SemiBold", ""),
    ("newsreader-latin-600-normal", "Newsreader-SemiBold", ""),
)


def build_fallback(source: Path) -> TTFont:
    """The subset of DejaVu Sans that draws what our fonts lack, Arabic letters in their joined forms included."""
    options = subset.Options(hinting=False, glyph_names=False, notdef_outline=True)
    options.layout_features = ["init", "medi", "fina", "isol", "rlig", "mark", "mkmk", "ccmp"]
    options.drop_tables += ["FFTM"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in _FALLBACK_RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    return font


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
    """Writes the five fonts and their licences, and the fallback where its source is named."""
    _OUTPUT_FOLDER.mkdir(exist_ok=True)
    for source, name, minus_source in FONT_COPIES:
        build_font(source, minus_source).save(_OUTPUT_FOLDER / f"{name}.ttf")
    for licence in _WEB_FONT_FOLDER.glob("*LICENSE.txt"):
        (_OUTPUT_FOLDER / licence.name).write_bytes(licence.read_bytes())
    for source in sys.argv[1:]:
        build_fallback(Path(source)).save(_OUTPUT_FOLDER / "DejaVuSans-Subset.ttf")


if __name__ == "__main__":
    main()

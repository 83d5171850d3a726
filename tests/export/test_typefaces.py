"""Fonts of exported files: copies of the web fonts that draw every character of our texts."""

import pytest
from fontTools.ttLib import TTFont

from observatory.catalogue.models import Catalogue
from observatory.export.common.fonts import (
    FIGURE_FONT,
    FONT_FOLDER,
    FONT_NAMES,
    measure_text,
    replace_undrawable,
    wrap_lines,
)
from tests.test_language import catalog
from tools.make_fonts import FONT_COPIES, build_font


@pytest.mark.parametrize(("source", "name", "minus_source"), FONT_COPIES)
def test_shipped_fonts_are_copies_of_the_web_fonts(source: str, name: str, minus_source: str) -> None:
    """Each shipped file holds the very glyphs that `make_fonts` builds from the web font."""
    shipped, rebuilt = TTFont(FONT_FOLDER / f"{name}.ttf"), build_font(source, minus_source)
    assert shipped.getBestCmap() == rebuilt.getBestCmap()
    assert shipped["hmtx"].metrics == rebuilt["hmtx"].metrics
    for glyph in rebuilt.getGlyphOrder():
        shipped_points, rebuilt_points = (
            list(font["glyf"][glyph].getCoordinates(font["glyf"])[0]) for font in (shipped, rebuilt)
        )
        assert shipped_points == rebuilt_points
    assert (FONT_FOLDER / "B612-LICENSE.txt").exists()
    assert (FONT_FOLDER / "IBM-Plex-Sans-LICENSE.txt").exists()


def test_the_fonts_draw_every_message_and_title(catalogue: Catalogue) -> None:
    """All four fonts have every character of every message and title; the narrow space is the narrower one."""
    texts = [text for language in ("fr", "en") for entry in catalog(language).values() for text in entry]
    texts += [row.title_fr + row.title_en for row in catalogue.indicators.values()]
    texts += [row.publisher_fr + row.attribution for row in catalogue.sources.values()]
    assert not [text for text in texts if replace_undrawable(text) != text]
    for name in FONT_NAMES:
        assert 0 < measure_text("\u202f", name, 10) < measure_text("\u00a0", name, 10)
        assert ord("\u2212") in TTFont(FONT_FOLDER / f"{name}.ttf").getBestCmap()


def test_undrawable_characters_are_replaced() -> None:
    """A missing accent is dropped, any other missing character becomes a question mark, and a long text is wrapped."""
    assert replace_undrawable("č 8\u202f754 \u2603") == "c 8\u202f754 ?"
    lines = wrap_lines("un deux trois quatre", FIGURE_FONT, 10, 60)
    assert " ".join(lines) == "un deux trois quatre"
    assert len(lines) > 1

"""Fonts of exported files: copies of the web fonts that draw every character of our texts."""

import pytest
from fontTools.ttLib import TTFont

from observatory.catalogue.models import Catalogue
from observatory.export.common.fonts import (
    FALLBACK_FONT,
    FIGURE_FONT,
    FONT_FOLDER,
    FONT_NAMES,
    cut_text,
    measure_text,
    name_signs,
    replace_undrawable,
    split_fonts,
    wrap_lines,
)
from observatory.export.common.scripts import join_letters, set_visually
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
    """A sign that no font has is named, a flag is its letters, the rest a question mark; a text is wrapped."""
    assert replace_undrawable("č 8\u202f754 \u2603 10\u207b\u2076") == "č 8\u202f754 \u2603 10\u207b\u2076"
    assert replace_undrawable("\U0001f6f0\ufe0f \U0001f680 \U0001f1eb\U0001f1f7") == "[satellite] [rocket] FR"
    assert replace_undrawable("\u4e2d \u1d2c") == "? A"
    assert name_signs("\u4e2d \U0001f680 طير") == "\u4e2d [rocket] طير"
    lines = wrap_lines("un deux trois quatre", FIGURE_FONT, 10, 60)
    assert " ".join(lines) == "un deux trois quatre"
    assert len(lines) > 1


def test_what_our_fonts_lack_is_drawn_by_the_fallback() -> None:
    """Superscripts, Greek, Cyrillic and Arabic are parts in the fallback font, measured by it; its licence is there."""
    assert list(split_fonts("10\u207b\u2076 \u00b5g \u03a9", FIGURE_FONT)) == [
        (FIGURE_FONT, "10"),
        (FALLBACK_FONT, "\u207b\u2076"),
        (FIGURE_FONT, " \u00b5g "),
        (FALLBACK_FONT, "\u03a9"),
    ]
    assert measure_text("\u0436\u0637", FIGURE_FONT, 10) > 8
    assert (FONT_FOLDER / "DejaVu-LICENSE.txt").read_text(encoding="utf-8").count("Bitstream") > 3
    assert (FONT_FOLDER / f"{FALLBACK_FONT}.ttf").stat().st_size < 400_000


def test_a_text_is_cut_to_its_width() -> None:
    """A text that fits stays; one that does not ends in an ellipsis within the width."""
    assert cut_text("un deux", FIGURE_FONT, 10, 200) == "un deux"
    cut = cut_text("un deux trois quatre cinq", FIGURE_FONT, 10, 60)
    assert cut.endswith("\u2026")
    assert measure_text(cut, FIGURE_FONT, 10) <= 60


def test_arabic_is_joined_and_set_from_the_right() -> None:
    """Letters take their joined forms, a part from right to left is reversed, numbers and Latin words are not."""
    assert join_letters("\u0637\u064a\u0631") == "\ufec3\ufef4\ufeae"
    assert set_visually("a \u0637\u064a\u0631 b") == "a \ufeae\ufef4\ufec3 b"
    assert set_visually("\u05d0 12 \u05d1") == "\u05d1 12 \u05d0"
    assert set_visually("vols 2024 (test)") == "vols 2024 (test)"

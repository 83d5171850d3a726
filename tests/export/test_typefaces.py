"""The fonts of files are those of the screen, and draw all that we say."""

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
from tools.make_fonts import COPIES, made


@pytest.mark.parametrize(("source", "name", "minus_of"), COPIES)
def test_they_are_copies_of_the_web_fonts(source: str, name: str, minus_of: str) -> None:
    """Each shipped file holds the very glyphs that `make_fonts` makes from the web font."""
    shipped, again = TTFont(FONT_FOLDER / f"{name}.ttf"), made(source, minus_of)
    assert shipped.getBestCmap() == again.getBestCmap()
    assert shipped["hmtx"].metrics == again["hmtx"].metrics
    for glyph in again.getGlyphOrder():
        one, two = (list(font["glyf"][glyph].getCoordinates(font["glyf"])[0]) for font in (shipped, again))
        assert one == two
    assert (FONT_FOLDER / "B612-LICENSE.txt").exists()
    assert (FONT_FOLDER / "IBM-Plex-Sans-LICENSE.txt").exists()


def test_they_draw_all_that_we_say(catalogue: Catalogue) -> None:
    """Every sign of every message and title is in all four fonts; the narrow space is narrower than the usual one."""
    said = [text for language in ("fr", "en") for texts in catalog(language).values() for text in texts]
    said += [row.title_fr + row.title_en for row in catalogue.indicators.values()]
    said += [row.publisher_fr + row.attribution for row in catalogue.sources.values()]
    assert not [text for text in said if replace_undrawable(text) != text]
    for name in FONT_NAMES:
        assert 0 < measure_text("\u202f", name, 10) < measure_text("\u00a0", name, 10)
        assert ord("\u2212") in TTFont(FONT_FOLDER / f"{name}.ttf").getBestCmap()


def test_what_they_cannot_draw_has_a_stand_in() -> None:
    """An accent that they lack is dropped, another sign becomes a question mark, and a long text breaks into lines."""
    assert replace_undrawable("č 8\u202f754 \u2603") == "c 8\u202f754 ?"
    lines = wrap_lines("un deux trois quatre", FIGURE_FONT, 10, 60)
    assert " ".join(lines) == "un deux trois quatre"
    assert len(lines) > 1

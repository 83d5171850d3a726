"""Social cards of links: drawn for every page and market, in both languages, with signs that its fonts have."""

import io

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from observatory.briefs.cards import Card
from observatory.briefs.registry import PAGES
from observatory.export import social_card
from observatory.export.common.fonts import FONT_FOLDER, FONT_NAMES
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from tests.support.curated import SEGMENTS


@pytest.mark.slow
def test_every_page_and_market_has_a_picture(outlook: Outlook, localizer: Localizer) -> None:
    """A PNG of 1200 x 630 with more than the paper on it; markets do not share one."""
    drawn = [("segment", Selection(segment=name)) for name in SEGMENTS]
    drawn += [(row.id, Selection()) for row in PAGES if row.id != "segment"]
    cards = [social_card.render_social_card(outlook, chosen, page, localizer.language) for page, chosen in drawn]
    assert len(set(cards)) == len(cards)
    for content in cards:
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
            assert len(picture.getcolors(200_000) or ()) > 20


@pytest.mark.slow
def test_long_words_are_made_to_fit(monkeypatch: pytest.MonkeyPatch, outlook: Outlook) -> None:
    """A name and a sentence that are far too long, and every call, are drawn without leaving the picture."""
    for call in ("growing", "flat", "shrinking", "unclear"):
        long = Card(
            "Nom " * 20, "", "Une phrase longue " * 30, "x", "y", call, "z", "w", markets=((call, "m" * 60),) * 12
        )
        monkeypatch.setattr(social_card, "build_card", lambda *_args, card=long: card)
        assert social_card.render_social_card(outlook, Selection(), "overview", "fr").startswith(b"\x89PNG")


@pytest.mark.parametrize("name", FONT_NAMES)
def test_the_fonts_draw_french(name: str) -> None:
    """The TrueType copies have the letters and signs of French, the narrow space included."""
    drawable = TTFont(FONT_FOLDER / f"{name}.ttf").getBestCmap()
    assert not [char for char in "\u2019\u202f\u00a0«»œÉé²€–\u2212ÇçÀ·" if ord(char) not in drawable]

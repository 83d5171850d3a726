"""The facts of an indicator that an analyst brings: any title has an id, no text hides anything, a link is a link."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from observatory.catalogue.entities import ID_PATTERN
from observatory.catalogue.indicator_input import build_indicator_facts, slugify
from observatory.catalogue.models import Catalogue

GIVEN = {
    "title": "Titre",
    "unit": "avions",
    "segment": "space",
    "role": "market",
    "publisher": "Éditeur",
    "licence": "Libre",
    "page": "https://example.org",
}
READ = {"frequency": "A", "headline_geo": "WORLD"}
TODAY = date(2026, 11, 23)


@pytest.mark.slow
@given(st.text())
@example("Commandes d'hélicoptères")
@example("日本")
@example("!!!")
@example("1" * 80)
def test_any_title_has_an_id(title: str) -> None:
    """An id is one that the catalogue takes, whatever script the title is in and however long it is."""
    found = slugify(title)
    assert ID_PATTERN.fullmatch(found)
    assert len(found) <= 60
    assert slugify("Commandes d'hélicoptères") == "commandes_d_helicopteres"
    assert slugify("日本") != slugify("中国")


def test_texts_are_kept_without_what_cannot_be_seen(catalogue: Catalogue) -> None:
    """Controls, line breaks and marks that turn the direction of writing do not come into titles, units or sources."""
    given = GIVEN | {"title": "A\x1b\u202e\u0000 b\nc", "unit": "\u2066t\u2028", "publisher": "x\x9by"}
    facts, faults = build_indicator_facts("new", given, catalogue, READ, TODAY, "form")
    assert faults == ()
    assert facts is not None
    assert (facts["title_fr"], facts["unit_en"], facts["own_source"]["publisher_fr"]) == ("A b c", "t", "xy")


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "//example.org", "\x01javascript:x"]
)
def test_a_link_is_to_a_page(catalogue: Catalogue, page: str) -> None:
    """What is not an address of the web is refused as the page of a source."""
    facts, faults = build_indicator_facts("new", GIVEN | {"page": page}, catalogue, READ, TODAY, "form")
    assert facts is None
    assert [row.code for row in faults] == ["catalogue_bad_link"]

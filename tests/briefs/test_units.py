"""Units of small and large series, and their numbers: a value that is not zero never reads as zero."""

import numpy as np
import pytest

from observatory.briefs.common.units import choose_unit, format_amount, format_number, pluralize, singularize_french
from observatory.catalogue.models import Catalogue
from observatory.language import Language, Localizer
from observatory.typography import NBSP
from tests.support.toys import build_toy_indicator

FR, EN = Localizer("fr"), Localizer("en")


def amount(catalogue: Catalogue, value: float, units: tuple[str, str], localizer: Localizer, kind: str = "flow") -> str:
    """A value in the unit of a series of it alone, as a sentence has it."""
    like = catalogue.indicators["esa_budget"]
    row = build_toy_indicator(like, "toy", kind, "space", "A", units)
    return format_amount(value, choose_unit(row, np.array([value]), localizer), localizer)


@pytest.mark.parametrize(
    ("value", "units", "french", "english"),
    [
        (
            0.0000031,
            ("accidents par vol", "accidents per flight"),
            "3,10 accidents par million de vols",
            "3.10 accidents per million flights",
        ),
        (
            -0.004,
            ("accidents par vol", "accidents per flight"),
            "\u22124,00 accidents par millier de vols",
            "\u22124.00 accidents per thousand flights",
        ),
        (
            2.5e-9,
            ("morts par passager", "deaths per passenger"),
            "2,50 morts par milliard de passagers",
            "2.50 deaths per billion passengers",
        ),
        (1.3e-12, ("unités", "units"), "1,30 ×_10⁻¹² unités", "1.30 ×_10⁻¹² units"),
        (4e-5, ("dollars par an", "dollars per year"), "40,0 ×_10⁻⁶ dollars par an", "40.0 ×_10⁻⁶ dollars per year"),
        (4e-5, ("kg par MWh", "kg per MWh"), "40,0 ×_10⁻⁶ kg par MWh", "40.0 ×_10⁻⁶ kg per MWh"),
        (2e-8, ("millions de dollars", "million dollars"), "20,0 ×_10⁻³ dollars", "20.0 ×_10⁻³ dollars"),
        (0.0, ("accidents par vol", "accidents per flight"), "0 accident par vol", "0 accidents per flight"),
        (0.31, ("accidents par vol", "accidents per flight"), "0,310 accident par vol", "0.310 accidents per flight"),
        (1.9e15, ("unités", "units"), "1 900 000 milliards d’unités", "1,900 trillion units"),
    ],
)
def test_small_values_have_a_unit_with_its_power(
    catalogue: Catalogue, value: float, units: tuple[str, str], french: str, english: str
) -> None:
    """Per million of what is counted where the unit is a ratio, else a power of ten; ordinary values are as before."""
    for localizer, expected in ((FR, french), (EN, english)):
        sentence = amount(catalogue, value, units, localizer).replace(NBSP, "_").replace("\u202f", " ")
        assert sentence == expected


def test_a_rate_and_an_index_keep_their_form(catalogue: Catalogue) -> None:
    """A percentage keeps its sign behind the power, an index its brackets."""
    assert amount(catalogue, 3e-6, ("% du PIB", "% of GDP"), EN, "rate").replace(NBSP, " ") == "3.00 × 10⁻⁶ % of GDP"
    text = amount(catalogue, 3e-6, ("indice, 2021 = 100", "index, 2021 = 100"), EN, "index")
    assert text.replace(NBSP, " ") == "3.00 × 10⁻⁶ (index, 2021 = 100)"


@pytest.mark.parametrize(
    ("noun", "language", "plural"),
    [
        ("vol", "fr", "vols"),
        ("bateau", "fr", "bateaux"),
        ("hôpital", "fr", "hôpitaux"),
        ("essai", "fr", "essais"),
        ("mois", "fr", "mois"),
        ("flight", "en", "flights"),
        ("country", "en", "countries"),
        ("launch", "en", "launches"),
        ("person", "en", "people"),
        ("day", "en", "days"),
    ],
)
def test_plurals(noun: str, language: Language, plural: str) -> None:
    """Regular nouns of one word."""
    assert pluralize(noun, language) == plural


def test_a_value_far_below_its_unit_has_two_digits() -> None:
    """Where the unit is right for other values, a small one has the decimals that it needs; zero stays zero."""
    assert format_number(0.000_312, FR) == "0,00031"
    assert format_number(0.0123, FR) == "0,012"
    assert format_number(0.4, EN, whole=True) == "0.4"
    assert format_number(0.0, EN, whole=True) == "0"
    assert FR.number(1.3e-12) == "0,0000000000013"
    assert EN.number(2.5e29).replace(NBSP, " ") == "2.50 × 10²⁹"


@pytest.mark.parametrize(
    ("unit", "singular"),
    [
        ("vols", "vol"),
        ("charges utiles", "charge utile"),
        ("tonnes-kilomètres", "tonne-kilomètre"),
        ("appareils de forage", "appareil de forage"),
        ("signaux par jour", "signal par jour"),
        ("tableaux", "tableau"),
        ("emplois", "emploi"),
        ("dollars taïwanais courants", "dollar taïwanais courant"),
        ("cours", "cours"),
        ("points (solde d'opinion)", "point (solde d'opinion)"),
        ("USD pour 1 EUR", "USD pour 1 EUR"),
    ],
)
def test_the_singular_leaves_the_complement(unit: str, singular: str) -> None:
    """Noun and adjectives lose their plural; what follows a preposition, and invariable words, stay."""
    assert singularize_french(unit) == singular


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [(1.06, "1,06 vol", "1.06 flights"), (1.999, "2,00 vols", "2.00 flights"), (2.5, "2,50 vols", "2.50 flights")],
)
def test_less_than_two_is_singular_in_french(catalogue: Catalogue, value: float, french: str, english: str) -> None:
    """A French amount below two, as it is shown, has its noun in the singular; an English one in the plural."""
    for localizer, text in ((FR, french), (EN, english)):
        assert amount(catalogue, value, ("vols", "flights"), localizer) == text


def test_an_expected_count_that_rounds_to_two_is_plural(catalogue: Catalogue) -> None:
    """A series of counts is shown without decimals: 1.8 expected reads "2 vols", 1.2 reads "1 vol"."""
    row = build_toy_indicator(catalogue.indicators["esa_budget"], "toy", "flow", "space", "A", ("vols", "x"))
    unit = choose_unit(row, np.array([1.0, 3.0]), FR)
    assert [format_amount(value, unit, FR, exact=False) for value in (1.8, 1.2)] == ["2 vols", "1 vol"]

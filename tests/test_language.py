"""Words: complete in both languages, typography that is upgraded and never invented, figures as people write them."""

import ast
import re
import string
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from observatory.briefs.common.units import choose_unit, prefix_de
from observatory.catalogue.models import CONFIDENCE_LEVELS, ROLES, Catalogue
from observatory.language import (
    LOCALES,
    MESSAGES_DIR,
    PROBABILITY_WORDS,
    Localizer,
    count_decimals,
    negotiate_language,
    round_percent,
    round_significant,
)
from observatory.outlook.calls.verdict import VERDICTS
from observatory.outlook.outlook import Outlook
from observatory.typography import MINUS, NARROW_NBSP, NBSP, typeset
from tests.support.paths import ROOT

FR, EN = Localizer("fr"), Localizer("en")


def catalog(language: str) -> dict[str, tuple[str, ...]]:
    with (MESSAGES_DIR / f"{language}.po").open("rb") as source:
        rows = read_po(source, locale=language)
    return {
        (row.id if isinstance(row.id, str) else row.id[0]): (row.string,)
        if isinstance(row.string, str)
        else tuple(row.string)
        for row in rows
        if row.id
    }


def written() -> tuple[set[str], set[str]]:
    """Every text in code and templates (a star for each part that is computed), and each literal key of a message."""
    texts, keys = set(), set()
    for path in (ROOT / "observatory").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                texts.add("".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first = node.args[0]
                if node.func.attr in ("text", "plural") and isinstance(first, ast.Constant) and "." in str(first.value):
                    keys.add(str(first.value))
    for path in (ROOT / "observatory").rglob("*.j2"):
        for key, computed in re.findall(r"\b(?:text|plural)\(\"([^\"]+)\"( ~)?", path.read_text(encoding="utf-8")):
            texts.add(f"{key}*" if computed else key)
            if not computed:
                keys.add(key)
    return texts, keys


@pytest.mark.slow
def test_no_message_is_missing_unused_or_untranslated() -> None:
    """Both catalogues have the same keys, none is empty, every key is used, every key that is named exists."""
    french, english = catalog("fr"), catalog("en")
    assert french.keys() == english.keys()
    assert not [key for rows in (french, english) for key, texts in rows.items() if not all(texts)]
    texts, keys = written()
    computed = [text.split("*") for text in texts if "*" in text and "." in text and not text.startswith("finding.")]

    def sentence(key: str) -> bool:
        if key.startswith("finding.") and not key.startswith("finding.where"):
            return key.split(".")[1] in texts  # the code of a finding stands where it is found
        return key in texts or any(
            len(parts[0]) > 2 and key.startswith(parts[0]) and key.endswith(parts[-1]) for parts in computed
        )

    assert sorted(key for key in french if not sentence(key)) == []
    assert sorted(keys - french.keys()) == []
    named = {
        text
        for text in texts
        if text.startswith(("error.", "notice.", "progress.")) and "*" not in text and " " not in text
    }
    assert sorted(named - french.keys() - {"error.", "notice.", "progress."}) == []


@pytest.mark.slow
def test_both_languages_fill_the_same_places() -> None:
    """A message has the same named places in French and in English, in each of its forms."""

    def places(text: str) -> set[str]:
        return {name for _text, name, _spec, _conv in string.Formatter().parse(text) if name}

    french, english = catalog("fr"), catalog("en")
    for key, texts in french.items():
        wanted = set().union(*(places(text) for text in texts)) - {"n"}
        for text in (*texts, *english[key]):
            assert places(text) - {"n"} <= wanted, key
        assert set().union(*(places(text) for text in english[key])) - {"n"} == wanted, key


@pytest.mark.parametrize("localizer", [FR, EN], ids=["fr", "en"])
def test_families_of_messages_are_complete(localizer: Localizer) -> None:
    """Every role, verdict, confidence, horizon and status has its word."""
    for role in ROLES:
        assert localizer.text(f"role.{role}")
    for verdict in VERDICTS:
        assert localizer.text(f"call.{verdict}")
    for level in CONFIDENCE_LEVELS:
        assert localizer.text(f"confidence.{level}")


@given(st.integers(0, 100))
def test_probability_words_are_symmetric(percent: int) -> None:
    """P and 100 - P have mirrored words: as far from the ends of the table."""
    place = next(k for k, (end, _key) in enumerate(PROBABILITY_WORDS) if percent <= end)
    mirror = next(k for k, (end, _key) in enumerate(PROBABILITY_WORDS) if 100 - percent <= end)
    assert place + mirror == len(PROBABILITY_WORDS) - 1


def test_word_and_number_never_disagree() -> None:
    """The word is read from the rounded per cent: .795 is 80 % and very likely."""
    assert (FR.probability_word(0.795), FR.percent_digits(0.795)) == ("très probable", "80")
    assert (FR.probability_word(0.794), FR.percent_digits(0.794)) == ("probable", "79")
    assert (
        FR.probability_percent(0.004),
        FR.probability_percent(0.006),
        FR.probability_percent(0.994),
        FR.probability_percent(0.996),
    ) == ("moins de 1", "1", "99", "plus de 99")
    assert round_percent(0.125) == 13


@pytest.mark.parametrize(
    ("text", "dressed"),
    [
        (
            "Est-ce sûr ? Oui : 12 % ; l'an 2024",
            f"Est-ce sûr{NARROW_NBSP}? Oui{NBSP}: 12{NBSP}%{NARROW_NBSP}; l\u2019an 2024",
        ),
        ("« titre »", f"«{NBSP}titre{NBSP}»"),
        ("Édition n° 12", f"Édition n°{NBSP}12"),
        ("T-100, 12:30, https://a.b/c?d=e", "T-100, 12:30, https://a.b/c?d=e"),
        ("12,4 Md€ et 3 ans", f"12,4{NBSP}Md€ et 3{NBSP}ans"),
    ],
)
def test_french_typography(text: str, dressed: str) -> None:
    """Spaces that are there are upgraded; codes and addresses stay as they are."""
    assert typeset(text, "fr") == dressed


@given(
    st.text(alphabet=string.ascii_letters + " '\"«»:;!?%0123456789éà\u00a0\u202f", max_size=60),
    st.sampled_from(["fr", "en"]),
)
def test_dressing_twice_is_dressing_once(text: str, language: str) -> None:
    """Dressing is idempotent, and changes spaces, apostrophes and quotes only: never the number of characters."""
    once = typeset(text, language)  # type: ignore[arg-type]
    assert typeset(once, language) == once  # type: ignore[arg-type]
    assert len(once) == len(text)


def test_figures_and_dates() -> None:
    """Decimal comma, true minus, signs on growth, 1er, quarters and months in the reader's language."""
    assert FR.growth(0.0412) == f"+4,1{NBSP}%"
    assert EN.growth(-0.0412) == f"{MINUS}4.1%"
    assert FR.growth(0.0001) == f"+0,01{NBSP}%"
    assert FR.growth(1e-14) == f"0,0{NBSP}%"  # noise of the division
    assert FR.number(8754) == f"8{NARROW_NBSP}754"
    assert FR.day(date(2026, 1, 1)) == f"1er{NBSP}janvier{NBSP}2026"
    assert EN.day(date(2026, 11, 22)) == f"22{NBSP}November{NBSP}2026"
    assert (FR.period("2026-Q1"), EN.period("2026-Q1")) == (f"T1{NBSP}2026", f"Q1{NBSP}2026")
    assert FR.period_phrase("2026-08") == f"en août{NBSP}2026"
    assert FR.period_phrase("2026-Q1") == "au premier trimestre 2026"
    assert FR.plural("control.horizon.years", 1) == f"1{NBSP}an"
    assert EN.plural("control.horizon.years", 2) == "2 years"


def test_de_before_every_unit(catalogue: Catalogue, outlook: Outlook) -> None:
    """Every unit has its article, and a large value is said in millions or billions of it."""
    assert [prefix_de(word) for word in ("avions", "hélicoptères", "heures", "tonnes", "yuans", "euros")] == [
        "d'avions",
        "d'hélicoptères",
        "d'heures",
        "de tonnes",
        "de yuans",
        "d'euros",
    ]
    for row in catalogue.indicators.values():
        values = outlook.panel[outlook.headline_key(row)].values
        for localizer in (FR, EN):
            noun = choose_unit(row, values, localizer).noun
            assert noun
            assert not re.search(r"\bde d\u2019", noun)
            assert "de a" not in noun


def test_negotiation() -> None:
    """The browser's language is a default: English if it comes first, else French."""
    assert negotiate_language("en-GB,fr;q=0.8") == "en"
    assert negotiate_language("de-DE,fr;q=0.8,en;q=0.5") == "fr"
    assert negotiate_language(None) == "fr"
    assert negotiate_language("C.UTF-8", "en") == "en"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "observatory" / "pages" / "assets" / "fonts").glob("*.woff2")), ids=lambda path: path.stem
)
def test_the_fonts_draw_french(path: Path) -> None:
    """Each shipped font has the letters and signs of French (U+202F falls back, and its width is right)."""
    known = TTFont(path).getBestCmap()
    assert not [char for char in "\u2019«»œÉé²€–\u2212ÇçÀ" if ord(char) not in known]


@given(st.floats(-1e10, 1e10), st.integers(0, 4))
def test_numbers_are_those_of_babel(value: float, decimals: int) -> None:
    """Written the short way or by Babel, a number is the same, with two digits where its decimals would say zero."""
    rounded = round(value, decimals) + 0.0
    if not rounded and abs(value) >= 1e-15:
        rounded = round_significant(value, 2)
        decimals = count_decimals(rounded, 1 if rounded == round_significant(rounded, 1) else 2)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    for localizer in (FR, EN):
        sentence = format_decimal(rounded, format=pattern, locale=LOCALES[localizer.language]).replace("-", MINUS)
        assert localizer.number(value, decimals) == sentence


def test_an_error_that_counts_has_its_plural_or_its_number() -> None:
    """`count` chooses the form where a sentence has two, and is a number like any other where it has one."""
    assert EN.error_text("error.access.too_many", {"count": 1}) == "Too many attempts. Try again in a minute."
    assert EN.error_text("error.source.member", {"wanted": ".zip", "count": 2}).startswith(
        "One file “.zip” is expected, there are 2."
    )


_OTHER_ODDS = re.compile(  # odds in other words than french.md's "8 chances sur 10"; shares of what happened may differ
    r"\b(cas|issues?|fois) sur (dix|vingt|deux)\b|\bcas sur \d|\b\d+ fois sur (2|10|20)\b"
    r"|\b(cases?|outcomes?|times?) (in|out of) (ten|twenty|two)\b|\b(cases?|outcomes?) in \d|\b\d+ times in (2|10|20)\b"
    r"|\bchances? out of\b"
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_odds_have_one_phrase(language: str) -> None:
    """No message tells odds as cases, times or outcomes, or in numbers spelled out."""
    found = {key: text for key, texts in catalog(language).items() for text in texts if _OTHER_ODDS.search(text)}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "8 cas sur 10",
        "un cas sur dix est plus bas",
        "8 fois sur 10",
        "8 outcomes in 10",
        "In one case in ten",
        "7 times in 10",
    ],
)
def test_other_phrases_of_odds_are_found(text: str) -> None:
    """The phrases that stood in messages before are among those that are refused."""
    assert _OTHER_ODDS.search(text)


def test_chances_of_the_levels_of_ranges() -> None:
    """50, 80 and 95 per cent in both languages."""
    assert [typeset(FR.chances(level), "fr") for level in (50, 80, 95)] == [
        typeset(text, "fr") for text in ("1 chance sur 2", "8 chances sur 10", "19 chances sur 20")
    ]
    assert [EN.chances(level) for level in (50, 80, 95)] == ["1 chance in 2", "8 chances in 10", "19 chances in 20"]


def test_clauses_have_the_semicolon_of_the_language() -> None:
    """Names that hold commas are joined as each language writes it: a space before the semicolon in French alone."""
    names = ("Airbus, Toulouse", "ATR")
    assert FR.join_clauses(names) == f"Airbus, Toulouse{NARROW_NBSP}; ATR"
    assert EN.join_clauses(names) == "Airbus, Toulouse; ATR"

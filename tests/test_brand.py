"""The brand of a deployment: read from one file, and refused with a sentence where it cannot be used."""

from datetime import date
from pathlib import Path

import pytest

from observatory.brand import NO_BRAND, Brand, load_brand
from observatory.briefs.common.context import Context
from observatory.briefs.imprint import build_imprint
from observatory.errors import SettingsError
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def write(folder: Path, text: str) -> dict[str, str]:
    (folder / "brand.toml").write_text(text, encoding="utf-8")
    return {"OBSERVATORY_BRAND": str(folder)}


def test_a_brand_names_publisher_and_contact(tmp_path: Path) -> None:
    """What the file says; an address of mail opens a message."""
    brand = load_brand(write(tmp_path, 'publisher = "Le pôle"\ncontact = "bureau@pole.example"\n'))
    assert brand == Brand(publisher="Le pôle", contact="bureau@pole.example")
    assert brand.contact_url == "mailto:bureau@pole.example"


def test_without_a_folder_nobody_is_named() -> None:
    """A neutral default."""
    assert load_brand({}) == NO_BRAND


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("publisher = ", "error.brand.file"),
        ('editor = "x"', "error.brand.key"),
        ("publisher = 3", "error.brand.text"),
        (f'publisher = "{"x" * 301}"', "error.brand.text"),
        ('website = "javascript:alert(1)"', "error.brand.address"),
        ('contact = "write to us"', "error.brand.address"),
    ],
)
def test_a_brand_that_cannot_be_used_is_a_sentence(tmp_path: Path, text: str, key: str) -> None:
    """The file, what is wrong and the cure, in both languages."""
    with pytest.raises(SettingsError) as refusal:
        load_brand(write(tmp_path, text))
    assert refusal.value.key == key
    for language in ("fr", "en"):
        sentence = Localizer("fr" if language == "fr" else "en").error_text(refusal.value.key, refusal.value.values)
        assert "brand.toml" in sentence


def test_a_folder_without_the_file_is_a_sentence(tmp_path: Path) -> None:
    """A missing file is named."""
    with pytest.raises(SettingsError, match="brand"):
        load_brand({"OBSERVATORY_BRAND": str(tmp_path)})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_names_the_publisher_or_says_that_nobody_did(outlook: Outlook, language: str) -> None:
    """Publisher, legal notice and host as the brand gives them; what is missing is said."""
    localizer = Localizer("fr" if language == "fr" else "en")
    context = Context(outlook, Selection(lang=language), localizer, date(2026, 11, 30))
    named = build_imprint(context, Brand(publisher="Le pôle", contact="https://pole.example/contact"))
    who = next(row for row in named.chapters if row.name == "who")
    assert who.chapter.terms[0][1] == "Le pôle"
    assert who.links == ((localizer.text("imprint.link.contact"), "https://pole.example/contact"),)
    nobody = next(row for row in build_imprint(context, NO_BRAND).chapters if row.name == "who")
    assert nobody.links == ()
    assert {text for _term, text in nobody.chapter.terms} == {localizer.text("imprint.who.missing")}
    assert "OBSERVATORY_" not in str(build_imprint(context, NO_BRAND))

"""The brand in pictures: its logo and colour on social cards and charts, and nothing where it cannot be read."""

import io
from pathlib import Path

import pytest
from PIL import Image

from observatory.export.documents.firm_note import write_firm_note
from observatory.export.documents.registry import DOCUMENTS, build_document
from observatory.export.image import write_png, write_svg
from observatory.export.social_card import render_social_card
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

LOGO, ACCENT = (0, 200, 10), (122, 31, 61)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A brand with a plain green logo and a dark red colour."""
    (tmp_path / "brand.toml").write_text('logo = "logo.png"\naccent = "#7A1F3D"', encoding="utf-8")
    Image.new("RGB", (120, 40), LOGO).save(tmp_path / "logo.png", "PNG")
    monkeypatch.setenv("OBSERVATORY_BRAND", str(tmp_path))
    return tmp_path


def colours_of(content: bytes) -> dict[object, int]:
    """How many pixels each colour has."""
    with Image.open(io.BytesIO(content)) as picture:
        return {colour: count for count, colour in picture.convert("RGB").getcolors(4_000_000) or ()}


def test_a_social_card_has_logo_and_colour(outlook: Outlook, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """48 px high beside the name and a line in the colour; a broken brand is the neutral card, byte for byte."""
    colours = colours_of(render_social_card(outlook, Selection(), "overview", "fr"))
    assert colours[LOGO] > 144 * 48 * 0.9
    assert colours[ACCENT] > 1000
    (folder / "brand.toml").write_text('logo = "absent.png"', encoding="utf-8")
    broken = render_social_card(outlook, Selection(), "overview", "fr")
    monkeypatch.delenv("OBSERVATORY_BRAND")
    assert broken == render_social_card(outlook, Selection(), "overview", "fr")
    assert LOGO not in colours_of(broken)


def test_a_chart_as_picture_has_logo_and_colour(outlook: Outlook, folder: Path) -> None:
    """In both kinds of picture, within the file itself."""
    entry = next(row for row in DOCUMENTS if row.id == "segment")
    document = build_document(entry, outlook, Selection(segment="space"), "https://observatory.example/")
    colours = colours_of(write_png(document))
    assert colours[LOGO] > 90 * 30 * 4 * 0.9
    assert colours[ACCENT] > 1000
    svg = write_svg(document)
    assert b"data:image/png;base64," in svg
    assert b'fill="#7A1F3D"' in svg
    (folder / "brand.toml").write_text("nonsense", encoding="utf-8")
    assert b"data:image/png;base64," not in write_svg(document)


@pytest.mark.parametrize("format_id", ["pdf", "pptx"])
def test_the_note_for_the_bank_goes_on_without_a_broken_brand(outlook: Outlook, folder: Path, format_id: str) -> None:
    """A description that cannot be read is no reason to refuse the file."""
    (folder / "brand.toml").write_text("nonsense", encoding="utf-8")
    mix = Mix({"space": 60, "helicopters": 40}, 2_000_000)
    assert len(write_firm_note(outlook, Selection(), mix, "https://observatory.example/", format_id)) > 10_000

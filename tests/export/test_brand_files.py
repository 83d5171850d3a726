"""The brand in files: its logo stands in the note for the bank, the social card and the image of a chart."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation

from observatory.briefs.common.context import Context
from observatory.briefs.firm_note import build_firm_note
from observatory.export.document import Document
from observatory.export.documents.firm_note import write_firm_note
from observatory.export.firm_note.layout import PAGE_WIDTH, lay_out_note
from observatory.export.firm_note.shapes import PictureShape, TextShape
from observatory.export.image import write_svg
from observatory.export.social_card import render_social_card
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

MIX = Mix({"space": 60, "helicopters": 40}, 3_000_000)
LINK = "https://observatory.example/portfolio?asof=e1"
LOGO_COLOUR = (0, 90, 60)


@pytest.fixture(params=[(400, 100), (100, 300)], ids=["wide", "tall"])
def logo(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A deployment with a logo and a colour."""
    out = io.BytesIO()
    Image.new("RGB", request.param, LOGO_COLOUR).save(out, "PNG")
    (tmp_path / "logo.png").write_bytes(out.getvalue())
    (tmp_path / "brand.toml").write_text('publisher = "Pôle"\nlogo = "logo.png"\naccent = "#7A1F5C"\n', "utf-8")
    monkeypatch.setenv("OBSERVATORY_BRAND", str(tmp_path))
    return out.getvalue()


def test_the_note_for_the_bank(outlook: Outlook, logo: bytes) -> None:
    """The logo is on the sheet in both formats, in its proportions, and stands on no text."""
    localizer = Localizer("fr")
    note = build_firm_note(Context(outlook, Selection(), localizer, outlook.day), MIX)
    shapes = lay_out_note(note, LINK)
    (picture,) = [shape for shape in shapes if isinstance(shape, PictureShape)]
    assert 0 < picture.left < picture.left + picture.width < PAGE_WIDTH
    with Image.open(io.BytesIO(logo)) as drawn:
        assert picture.width / picture.height == pytest.approx(drawn.width / drawn.height)
    for text in (shape for shape in shapes if isinstance(shape, TextShape)):
        is_beside = text.left + text.width <= picture.left or text.left >= picture.left + picture.width
        assert is_beside or text.top + text.height <= picture.top + 0.5 or text.top >= picture.top + picture.height
    deck = Presentation(io.BytesIO(write_firm_note(outlook, Selection(), MIX, LINK, "pptx")))
    assert logo in [shape.image.blob for shape in deck.slides[0].shapes if hasattr(shape, "image")]
    assert write_firm_note(outlook, Selection(), MIX, LINK, "pdf").count(b"/Subtype /Image") == 1


def test_the_social_card(outlook: Outlook, logo: bytes) -> None:
    """The logo is beside the name, above the line in the brand's colour."""
    del logo
    picture = Image.open(io.BytesIO(render_social_card(outlook, Selection(), "overview", "fr")))
    head = picture.crop((0, 0, picture.width, 97))
    assert LOGO_COLOUR in {colour for _count, colour in head.getcolors(1 << 20) or ()}
    assert picture.getpixel((600, 100)) == (0x7A, 0x1F, 0x5C)


def test_the_image_of_a_chart(documents: dict[str, Document], logo: bytes) -> None:
    """The logo is in the image itself, so that the file needs nothing else."""
    content = write_svg(documents["segment-space-fr"]).decode("utf-8")
    assert f"data:image/png;base64,{base64.b64encode(logo).decode()}" in content
    assert 'fill="#7A1F5C"' in content


def test_a_brand_that_cannot_be_read_stops_no_file(
    outlook: Outlook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are those without a brand, byte for byte."""
    files = [write_firm_note(outlook, Selection(), MIX, LINK, name) for name in ("pdf", "pptx")]
    card = render_social_card(outlook, Selection(), "overview", "fr")
    (tmp_path / "brand.toml").write_text('logo = "missing.png"\n', "utf-8")
    monkeypatch.setenv("OBSERVATORY_BRAND", str(tmp_path))
    assert [write_firm_note(outlook, Selection(), MIX, LINK, name) for name in ("pdf", "pptx")] == files
    assert render_social_card(outlook, Selection(), "overview", "fr") == card

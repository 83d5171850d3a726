"""Logo and colour of a brand: what is shown, and what is refused with a sentence whose cure works."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from observatory.brand import MIN_CONTRAST, PAPERS, adjust, contrast, load_brand
from observatory.charts.palette import COLOUR_TOKENS
from observatory.errors import SettingsError
from observatory.export.common.brand_logo import read_file_brand
from observatory.language import Localizer
from observatory.logo import MAX_LOGO_BYTES
from observatory.pages.components.brand_logo import find_brand, find_logo
from observatory.pages.style import build_style

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect width="200" height="50" fill="#123"/></svg>'
)


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def write(folder: Path, text: str, logo: bytes | str = b"", name: str = "logo.svg") -> dict[str, str]:
    (folder / "brand.toml").write_text(text, encoding="utf-8")
    (folder / name).write_bytes(logo if isinstance(logo, bytes) else logo.encode())
    return {"OBSERVATORY_BRAND": str(folder)}


def test_papers_are_those_of_the_pages() -> None:
    """The colour is judged on the grounds that pages have."""
    assert COLOUR_TOKENS["paper"] == PAPERS


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#123456", "#123456", 1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    """Known pairs, in either order."""
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("logo.svg", DRAWING, (200, 50)),
        (
            "logo.svg",
            '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="30mm" height="10mm"/>',
            (30, 10),
        ),
        ("pole.png", png(300, 100), (300, 100)),
    ],
)
def test_a_logo_has_its_size(tmp_path: Path, name: str, content: bytes | str, size: tuple[float, float]) -> None:
    """SVG by viewBox or by its sides, PNG by its head; served under a name that follows the content."""
    logo = load_brand(write(tmp_path, f'logo = "{name}"', content, name)).logo
    assert logo is not None
    assert (logo.width, logo.height) == size
    assert logo.file_name.startswith("logo-")
    assert logo.file_name.endswith(name[-4:])


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<rect onload="alert(1)"/>', "onload="),
        ('<image href="https://pole.example/x.png"/>', "<image>"),
        ('<use href="https://pole.example/x.svg#a"/>', "href="),
        ("<style>@import url(https://pole.example/x.css);</style>", "@import"),
        ('<rect style="fill: url( https://pole.example/x.svg#a )"/>', "url("),
        ("<foreignObject/>", "<foreignObject>"),
        ('<a href="#x"/>', "<a>"),
    ],
)
def test_a_drawing_that_runs_or_loads_something_is_refused(tmp_path: Path, inside: str, found: str) -> None:
    """With what was found in it."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1">{inside}</svg>'
    with pytest.raises(SettingsError) as refusal:
        load_brand(write(tmp_path, 'logo = "logo.svg"', drawing))
    assert refusal.value.key == "error.brand.logo.active"
    assert found in str(refusal.value.values["found"])


def test_gradients_and_styles_of_its_own_are_drawing(tmp_path: Path) -> None:
    """What points to the same file is no load."""
    inside = '<style>.a{fill:url(#g)}</style><linearGradient id="g"/><use href="#g"/><rect fill="url(\'#g\')"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1">{inside}</svg>'
    assert load_brand(write(tmp_path, 'logo = "logo.svg"', drawing)).logo is not None


@pytest.mark.parametrize(
    ("text", "logo", "key"),
    [
        ('logo = "../logo.svg"', DRAWING, "error.brand.logo.place"),
        ('logo = "absent.png"', DRAWING, "error.brand.file"),
        ('logo = "logo.svg"', b"x" * (MAX_LOGO_BYTES + 1), "error.brand.logo.size"),
        ('logo = "logo.svg"', "GIF89a", "error.brand.logo.kind"),
        ('logo = "logo.svg"', "<html/>", "error.brand.logo.kind"),
        ('logo = "logo.svg"', '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "error.brand.logo.active"),
        ('logo = "logo.svg"', '<svg viewBox="0 0 0 1"/>', "error.brand.logo.sides"),
        ('logo = "logo.svg"', b"\x89PNG\r\n\x1a\n", "error.brand.logo.kind"),
        ('logo = "logo.svg"', png(300, 100)[:60], "error.brand.logo.kind"),
        ('logo = "logo.svg"', png(300, 100).replace(b"IDAT", b"IDOT"), "error.brand.logo.kind"),
        ('logo = "logo.svg"', png(5000, 1), "error.brand.logo.pixels"),
        ('accent = "red"', b"", "error.brand.colour"),
        ('accent = "#FFCC00"', b"", "error.brand.contrast"),
        ('accent = "#7A1F3D"\naccent_dark = "#7A1F3D"', b"", "error.brand.contrast"),
        ('accent_dark = "#FFFFFF"', b"", "error.brand.accent"),
    ],
)
def test_what_cannot_be_shown_is_a_sentence(tmp_path: Path, text: str, logo: bytes | str, key: str) -> None:
    """In both languages, with the file; pages and files go on without it."""
    environment = write(tmp_path, text, logo)
    with pytest.raises(SettingsError) as refusal:
        load_brand(environment)
    assert refusal.value.key == key
    for localizer in (Localizer("fr"), Localizer("en")):
        assert str(tmp_path) in localizer.error_text(refusal.value.key, refusal.value.values)


@pytest.mark.parametrize("colour", ["#FFCC00", "#00AEEF", "#FFFFFF", "#000000"])
def test_the_cure_for_a_pale_colour_works(tmp_path: Path, colour: str) -> None:
    """The proposed colour is accepted as it stands, in both themes."""
    light, dark = (adjust(colour, paper) for paper in PAPERS)
    brand = load_brand(write(tmp_path, f'accent = "{light}"\naccent_dark = "{dark}"'))
    assert contrast(brand.accent, PAPERS[0]) >= MIN_CONTRAST <= contrast(brand.accent_dark, PAPERS[1])


def test_the_dark_theme_has_a_colour_that_can_be_read(tmp_path: Path) -> None:
    """A dark colour alone is made lighter for the dark paper."""
    brand = load_brand(write(tmp_path, 'accent = "#7a1f3d"'))
    assert brand.accent == "#7A1F3D"
    assert contrast(brand.accent_dark, PAPERS[1]) >= MIN_CONTRAST


def test_pages_and_files_show_the_brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of the logo with a name for who does not see it, the accent in the style, a PNG for files."""
    for name, value in write(tmp_path, 'publisher = "Le pôle"\nlogo = "logo.svg"\naccent = "#7A1F3D"', DRAWING).items():
        monkeypatch.setenv(name, value)
    logo, brand, file = find_logo(Localizer("fr")), find_brand(), read_file_brand()
    assert brand.logo is not None
    assert logo["logo_url"] == f"/brand/{brand.logo.file_name}"
    assert "Le pôle" in logo["logo_text"]
    assert "--accent:light-dark(#7A1F3D," in build_style(brand.accent, brand.accent_dark)
    assert Image.open(io.BytesIO(file.png)).size[0] / Image.open(io.BytesIO(file.png)).size[1] == pytest.approx(
        4, abs=0.1
    )
    assert (file.ratio, file.accent) == (4, "#7A1F3D")


def test_without_a_brand_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No logo, no accent in the style; a brand that cannot be read counts as none."""
    monkeypatch.setenv("OBSERVATORY_BRAND", "/nowhere")
    assert find_logo(Localizer("fr")) == {}
    assert "--accent:" not in build_style()
    assert read_file_brand().png == b""


def test_a_picture_that_cannot_be_decoded_is_left_out_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole blocks around pixels that are none: files have no logo and keep the colour."""
    content = png(300, 100)
    place = content.index(b"IDAT")
    (length,) = struct.unpack(">I", content[place - 4 : place])
    block = b"IDAT" + b"\xff" * length
    damaged = content[:place] + block + struct.pack(">I", zlib.crc32(block)) + content[place + 8 + length :]
    for name, value in write(tmp_path, 'logo = "logo.png"\naccent = "#7A1F3D"', damaged, "logo.png").items():
        monkeypatch.setenv(name, value)
    assert load_brand().logo is not None
    file = read_file_brand()
    assert (file.png, file.accent) == (b"", "#7A1F3D")

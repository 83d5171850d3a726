"""Palette: contrast, and colour distances that hold for colour-blind readers."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from observatory.charts.comparison import get_line_token
from observatory.charts.palette import COLOUR_TOKENS, build_stylesheet, css_var
from observatory.pages.style import build_style, load_css
from tests.support.paths import ROOT

TEXT, GRAPHIC = 4.5, 3.0
TEMPLATES = ROOT / "observatory" / "pages" / "components" / "templates"
_SET_IN_PLACE = {"up", "down", "at", "stroke"}  # by the style of an element, or with a default
SHEETS = sorted((ROOT / "observatory" / "pages" / "assets" / "css").glob("*.css"))
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLIND = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, two: str) -> float:
    light, dark = sorted((float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    ratio = xyz / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_contrast(theme: int) -> None:
    """Text has 4.5 to 1 on paper and panel, graphics 3 to 1, in both themes."""
    for ground in ("paper", "sand"):
        for name in ("ink", "muted", "forecast"):
            assert contrast(COLOUR_TOKENS[name][theme], COLOUR_TOKENS[ground][theme]) >= TEXT, (name, ground)
    for name in ("growing", "flat", "shrinking", "unclear", "edge", "after"):
        assert contrast(COLOUR_TOKENS[name][theme], COLOUR_TOKENS["paper"][theme]) >= GRAPHIC, name
    for name in ("market", "leading", "activity", "cost", "context", *map(get_line_token, range(8))):
        assert contrast(COLOUR_TOKENS[name][theme], COLOUR_TOKENS["paper"][theme]) >= TEXT, name


@pytest.mark.parametrize("kind", list(BLIND))
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("names", "least"),
    [
        (("growing", "flat", "shrinking", "unclear"), 12),  # each has a shape and a word of its own too
        (("market", "leading", "activity", "cost"), 15),
        (("market", "forecast"), 15),
    ],
)
def test_colours_differ_for_every_kind_of_vision(kind: str, theme: int, names: tuple[str, ...], least: float) -> None:
    """Any two colours of a set stay apart by 15 (CIE76) for normal and colour-blind eyes."""
    colours = [lab(BLIND[kind] @ linear(COLOUR_TOKENS[name][theme])) for name in names]
    assert min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(colours, 2)) >= least


def test_every_token_that_is_used_exists() -> None:
    """The style sheets, the charts and the pages name no colour that is not in the table, and no literal one."""
    style = build_style() + load_css("connection")
    templates = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.j2"))
    declared = set(re.findall(r"--([a-z0-9-]+):", style + templates))
    assert (
        set(re.findall(r"var\(--([a-z0-9-]+)[,)]", style + templates))
        <= COLOUR_TOKENS.keys() | declared | _SET_IN_PLACE
    )
    for sheet in SHEETS:
        assert not re.search(r"#[0-9a-fA-F]{3,6}\b", sheet.read_text("utf-8").replace("#000", "")), sheet.name
    assert all(f"--{name}:" in build_stylesheet() for name in COLOUR_TOKENS)
    with pytest.raises(KeyError):
        css_var("pink")


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_style_sheet_is_well_nested(path: Path) -> None:
    """Every brace is closed, and only rules for a width or a theme hold other rules."""
    depth, outer = 0, False
    for line in path.read_text("utf-8").splitlines():
        if line.rstrip().endswith("{"):
            assert depth == 0 or (depth == 1 and outer), line
            outer = outer if depth else line.startswith("@")
            depth += 1
        depth -= line.strip() == "}"
        assert depth >= 0, line
    assert depth == 0

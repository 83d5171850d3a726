"""Brand of a deployment: who publishes it, whom to write to, logo and colour, from the folder OBSERVATORY_BRAND."""

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from observatory.errors import SettingsError
from observatory.logo import Logo, read_logo

BRAND_FILE = "brand.toml"
PAPERS = ("#FBFAF7", "#0E1722")  # the grounds of both themes, as in charts/palette.py; a test compares
MIN_CONTRAST = 4.5  # WCAG 1.4.3, of text
_MAX_CHARS = 300
_STEPS = 100  # from a colour to black or white


@dataclass(frozen=True)
class Brand:
    """What a cluster says of itself; empty where it says nothing.

    `contact` is an address of mail or of a web page; `legal_fr` and `legal_en` are the mentions that the law asks
    for: legal form, address, director of publication. `host` names who hosts the site. `logo` is a picture in the
    same folder. `accent` is a colour (#RRGGBB) for the light theme, `accent_dark` that for the dark one, which is
    made from the first if it is not given.
    """

    publisher: str = ""
    website: str = ""
    contact: str = ""
    host: str = ""
    legal_fr: str = ""
    legal_en: str = ""
    logo: Logo | None = None
    accent: str = ""
    accent_dark: str = ""

    @property
    def contact_url(self) -> str:
        """The contact as an address to open; empty if there is none."""
        return f"mailto:{self.contact}" if "@" in self.contact and "://" not in self.contact else self.contact

    @property
    def digest(self) -> str:
        """What changes with any part of the brand, for addresses that browsers keep; empty without a brand."""
        return "" if self == NO_BRAND else hashlib.sha256(repr(self).encode()).hexdigest()[:8]


NO_BRAND = Brand()


def load_brand(environment: Mapping[str, str] | None = None) -> Brand:
    """The brand of this process. Raises SettingsError with the file, what is wrong in it and the cure."""
    env = os.environ if environment is None else environment
    folder = env.get("OBSERVATORY_BRAND", "").strip()
    if not folder:
        return NO_BRAND
    path = Path(folder) / BRAND_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError("error.brand.file", path=str(path), why=str(error)) from error
    return _read_brand(path, content)


@lru_cache(maxsize=8)
def _read_brand(path: Path, text: bytes) -> Brand:
    """The brand that a file describes; its logo is read once for each text of the file."""
    try:
        content = tomllib.loads(text.decode("utf-8"))
    except ValueError as error:
        raise SettingsError("error.brand.file", path=str(path), why=str(error)) from error
    names = [row.name for row in fields(Brand)]
    for key, value in content.items():
        if key not in names:
            raise SettingsError("error.brand.key", path=str(path), name=key, known=", ".join(names))
        if not isinstance(value, str) or len(value) > _MAX_CHARS:
            raise SettingsError("error.brand.text", path=str(path), name=key, limit=_MAX_CHARS)
    picture = content.pop("logo", "").strip()
    brand = Brand(**content | _check_colours(path, content), logo=read_logo(path.parent, picture) if picture else None)
    for key, address in (("website", brand.website), ("contact", brand.contact_url)):
        if address and not address.startswith(("https://", "http://", "mailto:")):
            raise SettingsError("error.brand.address", path=str(path), name=key, value=address)
    return brand


def _check_colours(path: Path, content: Mapping[str, Any]) -> dict[str, str]:
    """Both colours in capitals. Raises SettingsError for one that cannot be read, on its paper too, with the cure."""
    colours = {}
    for name, paper in zip(("accent", "accent_dark"), PAPERS, strict=True):
        colour = content.get(name, "").strip().upper()
        if not colour:
            continue
        if len(colour) != 7 or colour[0] != "#" or not set(colour[1:]) <= set("0123456789ABCDEF"):
            raise SettingsError("error.brand.colour", path=str(path), name=name, value=colour)
        if contrast(colour, paper) < MIN_CONTRAST:
            raise SettingsError(
                "error.brand.contrast",
                path=str(path),
                name=name,
                value=colour,
                paper=paper,
                cure=adjust(colour, paper),
                found=f"{contrast(colour, paper):.1f}",
            )
        colours[name] = colour
    if "accent" in colours:
        colours.setdefault("accent_dark", adjust(colours["accent"], PAPERS[1]))
    elif colours:
        raise SettingsError("error.brand.accent", path=str(path))
    return colours


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (#RRGGBB), from 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def adjust(colour: str, paper: str) -> str:
    """The nearest mixture of a colour with black, or white on a dark paper, that contrasts enough with the paper."""
    target = 0 if _luminance(paper) > 0.5 else 255
    parts = _parts(colour)
    for step in range(_STEPS + 1):
        mixed = "#" + "".join(f"{round(part + (target - part) * step / _STEPS):02X}" for part in parts)
        if contrast(mixed, paper) >= MIN_CONTRAST:
            return mixed
    raise AssertionError(paper)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

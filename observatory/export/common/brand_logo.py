"""Logo and colour of the brand in files: the logo as pixels, which every format can show."""

import io
import logging
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from observatory.brand import NO_BRAND, load_brand
from observatory.errors import SettingsError
from observatory.export.common.vega import render_png
from observatory.logo import Logo

_HEIGHT = 240  # pixels: sharp on paper at the height of a header

log = logging.getLogger("observatory.export")


@dataclass(frozen=True)
class FileBrand:
    """The logo as PNG (empty: none), its width by its height, the colour (#RRGGBB, empty: that of the palette).

    `publisher` is who publishes the site, empty if unnamed.
    """

    png: bytes
    ratio: float
    accent: str
    publisher: str

    def fit_logo(self, width: float, height: float) -> tuple[float, float]:
        """Width and height of the logo, as large as both limits let it be."""
        fitted = min(height * self.ratio, width)
        return fitted, fitted / self.ratio


def read_file_brand() -> FileBrand:
    """The brand of this process for a file; none where it cannot be read, so that a file is made all the same."""
    try:
        brand = load_brand()
    except SettingsError:
        brand = NO_BRAND
    logo = brand.logo
    return FileBrand(_render(logo) if logo else b"", logo.ratio if logo else 1.0, brand.accent, brand.publisher)


@lru_cache(maxsize=2)
def _render(logo: Logo) -> bytes:
    """The logo as a PNG that can be read; empty if it cannot be drawn, which is logged once."""
    try:
        content = _draw(logo)
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError) as error:  # as Pillow and the converter say it
        log.warning("The logo %s cannot be drawn, so files go without it: %s", logo.file_name, error)
        return b""
    return content


def _draw(logo: Logo) -> bytes:
    if logo.media_type == "image/png":
        return logo.content
    svg = logo.content.decode("utf-8")
    return render_png(svg, max(1.0, _HEIGHT / logo.height))

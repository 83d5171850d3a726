"""Brand on pages: its logo as a picture with a name, and a brand that cannot be read taken for none."""

import logging
from functools import lru_cache

from observatory.brand import NO_BRAND, Brand, load_brand
from observatory.errors import SettingsError
from observatory.language import Localizer

log = logging.getLogger("observatory.pages")


def find_brand() -> Brand:
    """The brand of this process; none where it cannot be read, which the start of the server and /about say."""
    try:
        return load_brand()
    except SettingsError as error:
        _warn_once(Localizer("en").error_text(error.key, error.values))
        return NO_BRAND


@lru_cache(maxsize=8)
def _warn_once(sentence: str) -> None:
    log.warning(sentence)


def find_logo(localizer: Localizer) -> dict[str, str]:
    """What templates show of the logo: its address, and what stands in its place for who does not see it."""
    brand = find_brand()
    if brand.logo is None:
        return {}
    key = "brand.logo" if brand.publisher else "brand.logo.alone"
    text = localizer.text(key, publisher=brand.publisher) if brand.publisher else localizer.text(key)
    return {"logo_url": f"/brand/{brand.logo.file_name}", "logo_text": text}

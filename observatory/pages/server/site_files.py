"""The style sheet and the script of every page, as files under names that change with their content."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256

from observatory.pages.components.brand_logo import find_brand
from observatory.pages.style import build_script, build_style


def _build_branded_style() -> str:
    brand = find_brand()
    return build_style(brand.accent, brand.accent_dark)


_SITE_FILES: Mapping[str, tuple[str, Callable[[], str]]] = {  # by the ending of the name
    "css": ("text/css", _build_branded_style),
    "js": ("text/javascript", build_script),
}


def name_site_file(ending: str) -> str:
    """The name of the style sheet (`css`) or script (`js`) of every page, which changes with its content."""
    return f"site-{_digest(_SITE_FILES[ending][1]())}.{ending}"


def find_site_file(name: str) -> tuple[str, str] | None:
    """The media type and the content of the file of a name, as it is now; None if there is no such file."""
    ending = name.rpartition(".")[2]
    if not name.startswith("site-") or ending not in _SITE_FILES:
        return None
    media_type, build = _SITE_FILES[ending]
    return media_type, build()


@lru_cache(maxsize=4)
def _digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()[:12]

"""Brand of a deployment: who publishes it, whom to write to, who hosts it, from the folder OBSERVATORY_BRAND."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from observatory.errors import SettingsError

BRAND_FILE = "brand.toml"
_MAX_CHARS = 300


@dataclass(frozen=True)
class Brand:
    """What a cluster says of itself; empty where it says nothing.

    `contact` is an address of mail or of a web page; `legal_fr` and `legal_en` are the mentions that the law asks
    for: legal form, address, director of publication. `host` names who hosts the site.
    """

    publisher: str = ""
    website: str = ""
    contact: str = ""
    host: str = ""
    legal_fr: str = ""
    legal_en: str = ""

    @property
    def contact_url(self) -> str:
        """The contact as an address to open; empty if there is none."""
        return f"mailto:{self.contact}" if "@" in self.contact and "://" not in self.contact else self.contact


NO_BRAND = Brand()


def load_brand(environment: Mapping[str, str] | None = None) -> Brand:
    """The brand of this process. Raises SettingsError with the file, what is wrong in it and the cure."""
    env = os.environ if environment is None else environment
    folder = env.get("OBSERVATORY_BRAND", "").strip()
    if not folder:
        return NO_BRAND
    path = Path(folder) / BRAND_FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError("error.brand.file", path=str(path), why=str(error)) from error
    names = [row.name for row in fields(Brand)]
    for key, value in content.items():
        if key not in names:
            raise SettingsError("error.brand.key", path=str(path), name=key, known=", ".join(names))
        if not isinstance(value, str) or len(value) > _MAX_CHARS:
            raise SettingsError("error.brand.text", path=str(path), name=key, limit=_MAX_CHARS)
    brand = Brand(**content)
    for key, address in (("website", brand.website), ("contact", brand.contact_url)):
        if address and not address.startswith(("https://", "http://", "mailto:")):
            raise SettingsError("error.brand.address", path=str(path), name=key, value=address)
    return brand

"""Logo of a deployment: a small SVG or PNG, checked before anything shows it."""

import hashlib
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from observatory.errors import SettingsError

MAX_LOGO_BYTES = 200_000
MAX_PIXELS = 4_000  # of a side
_PNG = b"\x89PNG\r\n\x1a\n"
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px|pt|mm|cm|in)?\s*$")
_FOREIGN = ("script", "foreignObject", "image", "iframe", "embed", "object", "audio", "video", "a", "animate", "set")


@dataclass(frozen=True)
class Logo:
    """A picture, how it is served, and its own size (pixels; of a drawing, its units)."""

    content: bytes
    media_type: str
    width: float
    height: float

    @property
    def ratio(self) -> float:
        """How many times its height it is wide."""
        return self.width / self.height

    @property
    def file_name(self) -> str:
        """The name under which it is served; it changes with the content, so that browsers may keep it."""
        ending = "svg" if self.media_type == "image/svg+xml" else "png"
        return f"logo-{hashlib.sha256(self.content).hexdigest()[:12]}.{ending}"


def read_logo(folder: Path, name: str) -> Logo:
    """The logo in a file of the folder. Raises SettingsError with the file, what is wrong in it and the cure."""
    path = folder / name
    if Path(name).name != name:
        raise SettingsError("error.brand.logo.place", path=str(path), folder=str(folder))
    try:
        with path.open("rb") as source:
            content = source.read(MAX_LOGO_BYTES + 1)
    except (OSError, ValueError) as error:
        raise SettingsError("error.brand.file", path=str(path), why=str(error)) from error
    if len(content) > MAX_LOGO_BYTES:
        raise SettingsError("error.brand.logo.size", path=str(path), limit=MAX_LOGO_BYTES // 1000)
    if content.startswith(_PNG):
        return Logo(content, "image/png", *_read_png_size(path, content))
    return Logo(content, "image/svg+xml", *_read_svg_size(path, content))


def _read_png_size(path: Path, content: bytes) -> tuple[float, float]:
    """Width and height of a PNG, from its first block; all its blocks must be whole."""
    kinds = list(_list_png_blocks(content))
    if len(content) < 33 or kinds[:1] != [b"IHDR"] or b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise SettingsError("error.brand.logo.kind", path=str(path))
    width, height = struct.unpack(">II", content[16:24])
    if not 0 < width <= MAX_PIXELS or not 0 < height <= MAX_PIXELS:
        raise SettingsError("error.brand.logo.pixels", path=str(path), width=width, height=height, limit=MAX_PIXELS)
    return float(width), float(height)


def _list_png_blocks(content: bytes) -> Iterator[bytes]:
    """The kinds of the blocks of a PNG up to its end, or to the first one that is cut or damaged."""
    place = len(_PNG)
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        end = place + 8 + length
        if content[end : end + 4] != struct.pack(">I", zlib.crc32(content[place + 4 : end])):
            return
        yield content[place + 4 : place + 8]
        if content[place + 4 : place + 8] == b"IEND":
            return
        place = end + 4


def _read_svg_size(path: Path, content: bytes) -> tuple[float, float]:
    """Width and height of an SVG that is a drawing and nothing else: no script, no entity, nothing from elsewhere."""
    if b"<!" in content.replace(b"<!--", b""):
        raise SettingsError("error.brand.logo.active", path=str(path), found="<!DOCTYPE")
    try:
        root = ET.fromstring(content)  # noqa: S314 - a file of the operator, without a DOCTYPE
    except (ET.ParseError, ValueError) as error:
        raise SettingsError("error.brand.logo.kind", path=str(path)) from error
    if root.tag.rpartition("}")[2] != "svg":
        raise SettingsError("error.brand.logo.kind", path=str(path))
    for element in root.iter():
        found = _find_active(element)
        if found:
            raise SettingsError("error.brand.logo.active", path=str(path), found=found[:60])
    sides = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))][2:]
    if len(sides) != 2:
        matches = [_NUMBER.match(root.get(side, "")) for side in ("width", "height")]
        sides = [float(match[1]) for match in matches if match]
    if len(sides) != 2 or min(sides) <= 0:
        raise SettingsError("error.brand.logo.sides", path=str(path))
    return sides[0], sides[1]


def _find_active(element: ET.Element) -> str:
    """What of an element is no drawing: its name, or an attribute or style that runs or loads something."""
    name = str(element.tag).rpartition("}")[2]
    if name in _FOREIGN:
        return f"<{name}>"
    texts = [*element.attrib.items(), ("style", element.text or "")] if name == "style" else element.attrib.items()
    for key, value in texts:
        short, compact = key.rpartition("}")[2].lower(), re.sub(r"\s", "", value).lower()
        if short.startswith("on") or (short in ("href", "src") and not compact.startswith("#")):
            return f"{short}="
        if "@import" in compact or re.search(r"url\((?!['\"]?#)", compact) or "\\" in compact:
            return value.strip()
    return ""

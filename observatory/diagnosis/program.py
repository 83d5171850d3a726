"""Checks of the program: versions of Python and of packages, files that belong to it, packages that settings need."""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from observatory.diagnosis.model import Installation, Problem

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;]+)\s*(;)?", re.MULTILINE)
_MAX_NAMED = 5  # packages or files in a sentence
_PACKAGE_FILES = (  # at least one each
    "charts/world.json",
    "export/fonts/*.ttf",
    "forecast/ensemble_weights.json",
    "messages/en.po",
    "messages/fr.po",
    "pages/assets/*.js",
    "pages/assets/css/*.css",
    "pages/assets/icons/*.svg",
    "pages/components/templates/*.j2",
)
_CONFIG = ".streamlit/config.toml"
_ROOT_FILES = ("app.py", _CONFIG, "data/edition.toml")
# A kind of store, by the beginning of its address, and what it needs: module, extra of this package.
_STORE_DRIVERS = {"postgresql": ("psycopg", "postgresql")}


def check_versions(installation: Installation) -> Iterator[Problem]:
    """Python is as new as the program needs, and each package is there in the version that it was tested with."""
    needed = _read_python_version(installation.root)
    if needed and sys.version_info[: len(needed)] < needed:
        found, wanted = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, needed))
        yield Problem("doctor.python", {"found": found, "needed": wanted})
    pins = _read_pins(installation.root / "requirements.txt")
    absent = [name for name, (_versions, is_conditional) in pins.items() if not _version(name) and not is_conditional]
    if absent:
        yield Problem("doctor.absent_packages", {"count": len(absent), "names": _enumerate(absent)})
    others = [
        f"{name} {found} ({' / '.join(versions)})"
        for name, (versions, _is_conditional) in pins.items()
        if (found := _version(name)) and found not in versions
    ]
    if others:
        yield Problem("doctor.other_versions", {"count": len(others), "names": _enumerate(others)})


def check_files(installation: Installation) -> Iterator[Problem]:
    """Fonts, style sheets, scripts, templates, messages and curated data are there, and none of them is empty."""
    absent = [name for name in _ROOT_FILES if not _has_content(installation.root, name)]
    absent += [name for name in _PACKAGE_FILES if not _has_content(installation.package, name)]
    fonts = installation.package / "pages" / "assets"
    absent += [name for name in _list_fonts(installation.root / _CONFIG) if not _has_content(fonts, name)]
    if absent:
        yield Problem("doctor.absent_files", {"count": len(absent), "names": _enumerate(absent)})


def check_extras(installation: Installation) -> Iterator[Problem]:
    """Packages that only some installations need are there, if the settings ask for them."""
    if installation.settings is None:
        return
    kind = installation.settings.store_url.partition(":")[0].partition("+")[0]
    module, extra = _STORE_DRIVERS.get(kind, ("", ""))
    if module and find_spec(module) is None:
        yield Problem("doctor.absent_extra", {"name": "OBSERVATORY_STORE", "package": module, "extra": extra})


def _read_python_version(root: Path) -> tuple[int, ...]:
    path = root / "pyproject.toml"
    if path.is_file():
        text = str(tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}).get("requires-python", ""))
    else:
        try:
            text = str(metadata.metadata("observatory").json.get("requires_python", ""))
        except metadata.PackageNotFoundError:
            text = ""
    match = re.search(r">=\s*([0-9]+(?:\.[0-9]+)*)", text)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def _read_pins(path: Path) -> Mapping[str, tuple[list[str], bool]]:
    """The versions of each package in a lock file, and whether it is needed only on some systems.

    Empty without such a file: an installed package has none, and pip has seen to its dependencies.
    """
    pins: dict[str, tuple[list[str], bool]] = {}
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    for name, version, condition in _PIN.findall(text):
        versions = pins.get(name, ([], False))[0]
        pins[name] = ([*versions, version], bool(condition) and not versions)
    return pins


def _version(name: str) -> str:
    """The version of a package that is installed; empty if there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _list_fonts(config: Path) -> list[str]:
    """The fonts that the theme names, as files below the assets."""
    if not config.is_file():
        return []
    faces = tomllib.loads(config.read_text(encoding="utf-8")).get("theme", {}).get("fontFaces", [])
    return sorted({str(face["url"]).lstrip("/") for face in faces})


def _has_content(folder: Path, pattern: str) -> bool:
    paths = list(folder.glob(pattern))
    return bool(paths) and all(path.stat().st_size for path in paths)


def _enumerate(names: list[str]) -> str:
    return ", ".join(names[:_MAX_NAMED]) + (", ..." if len(names) > _MAX_NAMED else "")

"""What the files under data/ hold, counted without the package."""

import csv
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT

# Written out: parametrized tests need them before the catalogue is read, and one test compares them with it.
SEGMENTS = [
    "air_transport",
    "commercial_aircraft",
    "business_aviation",
    "helicopters",
    "military_aviation",
    "space",
    "electronics",
    "embedded_systems",
    "drones",
    "purchasing",
    "horizon",
]


@cache
def count_indicators() -> int:
    """How many indicators have a file of facts."""
    return len(list((ROOT / "data" / "indicators").glob("*.toml")))


@cache
def count_figures(data: Path = ROOT / "data") -> int:
    """How many figures stand in the files of figures: their lines, the heads left out."""
    return sum(len(_lines(path)) for path in (data / "observations").glob("*.csv"))


@cache
def count_series(data: Path = ROOT / "data") -> int:
    """How many series the figures belong to: indicator, place and item."""
    files = (data / "observations").glob("*.csv")
    return sum(len({tuple(line.split(",")[:2]) for line in _lines(path)}) for path in files)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


@cache
def count_outlooks() -> int:
    """How many forecasts of others there are."""
    with (ROOT / "data" / "outlooks" / "forecasts.csv").open(encoding="utf-8", newline="") as file:
        return len(list(csv.DictReader(file)))

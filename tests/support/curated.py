"""What the files under data/ hold, counted without the package."""

from functools import cache

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
def count_figures() -> int:
    """How many figures stand in the files of figures: their lines, the heads left out."""
    return sum(len(_lines(path.stem)) for path in (ROOT / "data" / "observations").glob("*.csv"))


@cache
def count_series() -> int:
    """How many series the figures belong to: indicator, place and item."""
    files = (ROOT / "data" / "observations").glob("*.csv")
    return sum(len({tuple(line.split(",")[:2]) for line in _lines(path.stem)}) for path in files)


def _lines(indicator: str) -> list[str]:
    path = ROOT / "data" / "observations" / f"{indicator}.csv"
    return path.read_text(encoding="utf-8").splitlines()[1:]

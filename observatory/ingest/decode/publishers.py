"""Heads and words of publishers' files (publishers.toml), and the countries of the world (countries.csv), as data."""

import csv
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_HEADS_FILE = Path(__file__).resolve().parents[1] / "publishers.toml"
_COUNTRIES_FILE = Path(__file__).with_name("countries.csv")


class Country(NamedTuple):
    """A country of ISO 3166-1: its codes of two letters, three letters and three digits, and its names."""

    alpha2: str
    alpha3: str
    numeric: str
    names: tuple[str, ...]


@lru_cache(maxsize=1)
def load_publishers() -> Mapping[str, Mapping[str, Any]]:
    """The tables of publishers.toml by section."""
    return tomllib.loads(_HEADS_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load_countries() -> tuple[Country, ...]:
    """The countries of the world; "&" in a name is also written "and"."""
    with _COUNTRIES_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_parse_country(row) for row in csv.DictReader(file))


def _parse_country(row: Mapping[str, str]) -> Country:
    names = [name for name in (row["name_fr"], row["name_en"], *row["other_names"].split("|")) if name]
    spelled = (name.replace("&", "and") for name in names if "&" in name)
    return Country(row["alpha2"], row["alpha3"], row["numeric"], (*names, *spelled))

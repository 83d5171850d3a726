"""Names as people write them: heads of columns, indicators, places and items, in either language."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Literal

from observatory.catalogue.models import Catalogue, Indicator, KnowHow
from observatory.ingest.decode.units import in_brackets, of_indicator
from observatory.language import LANGUAGES, Speaker

Role = Literal["indicator", "geo", "item", "period", "value", "nature"]
Noun = Literal["indicator", "item", "market", "knowhow"]

# The head of a column, folded; the first two of a role are what a sentence calls it, in French and in English.
HEADS: Mapping[Role, tuple[str, ...]] = {
    "indicator": ("indicateur", "indicator"),
    "geo": ("zone", "geo", "pays", "place", "country", "lieu", "aéroport", "airport", "country code", "REF_AREA"),
    "item": ("poste", "item"),
    "period": (
        *("période", "period", "date", "mois", "month", "trimestre", "quarter", "année", "year", "an"),
        *("TIME_PERIOD", "time", "observation_date"),  # of Eurostat and the OECD, of FRED
    ),
    "value": ("valeur", "value", "OBS_VALUE"),
    "nature": ("nature", "OBS_STATUS", "OBS_FLAG"),
}
# Countries by their code of two letters, and the other one of the United Kingdom.
ISO2: Mapping[str, str] = {
    "FR": "FRA",
    "DE": "DEU",
    "ES": "ESP",
    "GB": "GBR",
    "UK": "GBR",
    "IT": "ITA",
    "US": "USA",
    "CA": "CAN",
    "CN": "CHN",
    "BR": "BRA",
    "IN": "IND",
    "JP": "JPN",
    "RU": "RUS",
    "NZ": "NZL",
    "GF": "GUF",
}
KNOWHOW_HEADS = ("savoir-faire", "know-how", "knowhow")  # of the column that makes a table one of know-how
LOWEST_HEAD = 20  # rows below which no head is looked for
_NEAR = 0.6  # likeness from which a name is worth suggesting
_SUGGESTED = 100  # texts that get a suggestion, some milliseconds each
_SPACES = re.compile(r"[\s_\-\u2010-\u2015]+")
_LETTERS = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "œ": "oe", "æ": "ae", "ß": "ss"})
_BRACKETS = re.compile(r"(?<=\w)\s*[(\[][^()\[\]]*[)\]]\s*$")  # at the end: "Valeur (M€)"
_GUARDED = re.compile(
    r"'(?=[=+\-@\t\r\uff0b\uff0d\uff1d\uff20])"
)  # our exports guard such text from spreadsheets with an apostrophe


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Text without case, accents, and differences between spaces, hyphens, underscores and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return _SPACES.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()


_ROLES: Mapping[str, Role] = {fold(name): role for role, names in HEADS.items() for name in names}


def role_of(head: str) -> Role | None:
    """What a column holds by its head, a unit in brackets left out; None if the head says nothing to us."""
    return _ROLES.get(fold(_BRACKETS.sub("", head)))


def roles_in(cells: Iterable[object]) -> int:
    """How many roles a row names, as a head does."""
    return len({role for cell in cells if isinstance(cell, str) and (role := role_of(cell)) is not None})


_KNOWHOW = frozenset(fold(name) for name in KNOWHOW_HEADS)


def names_knowhow(head: str) -> bool:
    """Whether the head of a column is that of know-how."""
    return fold(_BRACKETS.sub("", head)) in _KNOWHOW


def of_knowhow(cells: Iterable[object]) -> bool:
    """Whether a row is the head of a table of know-how: it names know-how, and neither indicators nor values."""
    heads = [cell for cell in cells if isinstance(cell, str)]
    return any(map(names_knowhow, heads)) and not any(role_of(head) in ("indicator", "value") for head in heads)


def bare(text: str) -> str:
    """Text without the apostrophe that guards it from spreadsheets."""
    return text[1:] if _GUARDED.match(text) else text


@lru_cache(maxsize=1)
def expected() -> frozenset[str]:
    """How our own exports call a value that is not observed, folded."""
    said = {fold(Speaker(language).say("table.expected")) for language in LANGUAGES}
    return frozenset(said | {"attendu", "prevision", "forecast", "f"})  # the last one in files of statistical offices


class Names:
    """Finds what a text names in a catalogue: an id, else a title or short name that names one thing only."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._similar: dict[tuple[str, str], dict[str, str]] = {}

    @cached_property
    def _indicators(self) -> dict[str, str]:
        return _index((row.id, (row.title_fr, row.title_en)) for row in self.catalogue.indicators.values())

    @cached_property
    def _places(self) -> dict[str, str]:
        places = self.catalogue.geographies.values()
        found = _index((row.id, (row.title_fr, row.title_en, row.short_fr, row.short_en)) for row in places)
        return {fold(short): long for short, long in ISO2.items() if long in self.catalogue.geographies} | found

    @cached_property
    def _items(self) -> dict[str, str]:
        return _index((row.id, (row.title_fr, row.title_en)) for row in self.catalogue.items.values())

    @cached_property
    def _markets(self) -> dict[str, str]:
        rows = (self.catalogue.segments[name] for name in self.catalogue.markets)
        return _index((row.id, (row.title_fr, row.title_en)) for row in rows)

    @cached_property
    def _knowhow(self) -> dict[str, str]:
        return _index((row.id, (row.title_fr, row.title_en)) for row in self.catalogue.knowhow.values())

    def market(self, text: str) -> str | None:
        """The id of the market that a text names."""
        return self._markets.get(fold(bare(text)))

    def knowhow(self, text: str) -> KnowHow | None:
        """The know-how that a text names."""
        return self.catalogue.knowhow.get(self._knowhow.get(fold(bare(text)), ""))

    def indicator(self, text: str) -> Indicator | None:
        """The indicator that a text names, be it with its unit in brackets: "Livraisons d'ATR (unités)"."""
        found = self._indicator(text)
        said = in_brackets(text) if found is None else ""
        named = self._indicator(_BRACKETS.sub("", text)) if said else None
        return named if named is not None and of_indicator(said, named) else found

    def _indicator(self, text: str) -> Indicator | None:
        found = self.catalogue.indicators.get(text)
        return found or self.catalogue.indicators.get(self._indicators.get(fold(bare(text)), ""))

    def id_of(self, text: str) -> str | None:
        """The id of the indicator that a text names."""
        found = self.indicator(text)
        return None if found is None else found.id

    def geo(self, text: str) -> str | None:
        """The code of the place that a text names."""
        return text if text in self.catalogue.geographies else self._places.get(fold(bare(text)))

    def item(self, text: str) -> str | None:
        """The id of the item that a text names; an empty text is the total."""
        return text if not text or text in self.catalogue.items else self._items.get(fold(bare(text)))

    def titles(self, geo: str, item: str) -> dict[str, str]:
        """What a place and an item are called, in both languages; an empty text for the total."""
        place, part = self.catalogue.geographies[geo], self.catalogue.items.get(item)
        found = {f"geo_{language}": str(getattr(place, f"short_{language}")) for language in LANGUAGES}
        return found | {f"item_{language}": str(getattr(part, f"title_{language}", "")) for language in LANGUAGES}

    def near(self, text: str, what: Noun) -> dict[str, str]:
        """The most similar name, in both languages: an id for an id, a title for a title; empty if none is similar.

        Looking is slow, so only the first hundred texts get an answer: a file with more of them is another file.
        """
        if (what, text) not in self._similar:
            if len(self._similar) >= _SUGGESTED:
                return {"near_fr": "", "near_en": ""}
            self._similar[what, text] = self._near(text, what)
        return self._similar[what, text]

    def _near(self, text: str, what: Noun) -> dict[str, str]:
        known: dict[Noun, tuple[dict[str, str], Mapping[str, object]]] = {
            "indicator": (self._indicators, self.catalogue.indicators),
            "item": (self._items, self.catalogue.items),
            "market": (self._markets, self.catalogue.segments),
            "knowhow": (self._knowhow, self.catalogue.knowhow),
        }
        index, rows = known[what]
        found = get_close_matches(fold(text[:100]), index, n=1, cutoff=_NEAR)
        if not found:
            return {"near_fr": "", "near_en": ""}
        name = index[found[0]]
        if found[0] == fold(name):
            return {"near_fr": name, "near_en": name}
        return {f"near_{language}": str(getattr(rows[name], f"title_{language}")) for language in LANGUAGES}


def _index(rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """Folded names to ids; a name that two share names neither, an id always names itself."""
    found: dict[str, str] = {}
    ids: dict[str, str] = {}
    shared: set[str] = set()
    for name, titles in rows:
        ids[fold(name)] = name
        for title in {fold(title) for title in titles}:
            if found.setdefault(title, name) != name:
                shared.add(title)
    return {title: name for title, name in found.items() if title not in shared} | ids

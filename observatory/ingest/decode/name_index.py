"""Name lookup: headers of columns, indicators, geographies and items as people write them, in either language."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Literal

from observatory.catalogue.models import Catalogue, Indicator, KnowHow
from observatory.ingest.decode.aliases import Alias, AliasKind
from observatory.ingest.decode.codes import load_codes
from observatory.ingest.decode.publishers import load_countries, load_publishers
from observatory.ingest.decode.text import fold_text
from observatory.ingest.decode.units import is_unit_of, parse_bracketed_unit
from observatory.language import LANGUAGES, Localizer

ColumnRole = Literal["indicator", "geo", "item", "period", "value", "nature"]
EntityKind = Literal["indicator", "geo", "item", "market", "knowhow"]

# Headers by role, compared folded; the first two are used in messages, in French and in English.
ROLE_HEADERS: Mapping[ColumnRole, tuple[str, ...]] = {
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
KNOWHOW_HEADERS = ("savoir-faire", "know-how", "knowhow")  # of the column that identifies a table of know-how
MAX_HEADER_SEARCH_ROWS = 20  # rows in which a header is searched
_MIN_SIMILARITY = 0.6  # for a name to be suggested
_MAX_SUGGESTIONS = 100  # each costs some milliseconds
_MAX_SIMILAR_NAMES = 9  # of which several may name one entity
_MAX_SUGGESTED_IDS = 3
_TRAILING_BRACKETS = re.compile(r"(?<=\w)\s*[(\[][^()\[\]]*[)\]]\s*$")  # at the end: "Valeur (M€)"
_LABELLED_CODE = re.compile(r"(?P<code>[A-Za-z][A-Za-z0-9_.-]*): *(?P<name>\S.*)")
_FORMULA_GUARD = re.compile(
    r"'(?=[=+\-@\t\r\uff0b\uff0d\uff1d\uff20])"
)  # the apostrophe with which our exports keep spreadsheets from evaluating text


def fold_header(header: str) -> str:
    """The folded text of a header, without a unit in brackets."""
    return fold_text(_TRAILING_BRACKETS.sub("", header))


_ROLE_BY_HEADER: Mapping[str, ColumnRole] = {
    **{fold_text(name): role for role in ROLE_HEADERS for name in load_codes().heads.get(role, ())},
    **{fold_header(name): "geo" for key in ("heads", "code_heads") for name in load_publishers()["places"][key]},
    **{fold_text(name): role for role, names in ROLE_HEADERS.items() for name in names},
}
_PUBLISHER_HEADERS = frozenset(fold_text(name) for names in load_codes().heads.values() for name in names)


def is_publisher_header(header: str) -> bool:
    """Whether a header is one of a publisher's, which gives way to a header of our own."""
    return fold_text(header) in _PUBLISHER_HEADERS


def find_role(header: str) -> ColumnRole | None:
    """The role of a column by its header, without a unit in brackets; None for an unknown header.

    A header that has a code and a name (`geo: Geopolitical entity (reporting)`) is known by its code.
    """
    for text in (header, _TRAILING_BRACKETS.sub("", header), split_labelled_code(header)[0]):
        role = _ROLE_BY_HEADER.get(fold_text(text)) if text else None
        if role is not None:
            return role
    return None


def split_labelled_code(text: str) -> tuple[str, str]:
    """The code and the name of a text that holds both, as SDMX-CSV writes them (`DE: Germany`); both empty if not."""
    match = _LABELLED_CODE.fullmatch(text)
    return (match["code"], match["name"]) if match else ("", "")


def count_roles(cells: Iterable[object]) -> int:
    """The number of distinct roles that the cells of a row name."""
    return len({role for cell in cells if isinstance(cell, str) and (role := find_role(cell)) is not None})


_FOLDED_KNOWHOW_HEADERS = frozenset(fold_text(name) for name in KNOWHOW_HEADERS)


def is_knowhow_header(header: str) -> bool:
    """Whether a header is that of the know-how column."""
    return fold_header(header) in _FOLDED_KNOWHOW_HEADERS


def is_knowhow_header_row(cells: Iterable[object]) -> bool:
    """Whether a row is the header of a table of know-how: it names know-how, and neither indicators nor values."""
    headers = [cell for cell in cells if isinstance(cell, str)]
    return any(map(is_knowhow_header, headers)) and not any(
        find_role(header) in ("indicator", "value") for header in headers
    )


def strip_formula_guard(text: str) -> str:
    """Text without the apostrophe that keeps spreadsheets from evaluating it."""
    return text[1:] if _FORMULA_GUARD.match(text) else text


@lru_cache(maxsize=1)
def load_forecast_labels() -> frozenset[str]:
    """Folded words that mark a value as a forecast: those of our exports, and of statistical offices."""
    labels = {fold_text(Localizer(language).text("table.expected")) for language in LANGUAGES}
    return frozenset(labels | {"attendu", "prevision", "forecast", "f"})  # f: statistical offices


@lru_cache(maxsize=1)
def _index_countries() -> Mapping[str, str]:
    """The codes of three letters of all countries by folded code and name; a code goes before a name."""
    countries = load_countries()
    codes = {fold_text(code): row.alpha3 for row in countries for code in (row.alpha2, row.alpha3)}
    return {fold_text(name): row.alpha3 for row in countries for name in row.names} | codes


@lru_cache(maxsize=1)
def _index_numeric_codes() -> Mapping[int, str]:
    return {int(row.numeric): row.alpha3 for row in load_countries() if row.numeric}


class NameIndex:
    """Index of a catalogue by name: an id, else a title or short name that is unambiguous, else an alias."""

    def __init__(self, catalogue: Catalogue, aliases: Iterable[Alias] = ()) -> None:
        self.catalogue = catalogue
        self._aliases = tuple(aliases)
        self._suggestions: dict[tuple[str, str], tuple[str, ...]] = {}

    def _get_aliases(self, kind: AliasKind, known: Mapping[str, object]) -> dict[str, str]:
        """The ids of a kind by folded alias, those that the catalogue lacks left out; only an item may have none."""
        ids = {fold_text(strip_formula_guard(row.name)): row.id for row in self._aliases if row.kind == kind}
        return {name: entity for name, entity in ids.items() if entity in known or not entity}

    @cached_property
    def _indicator_ids(self) -> dict[str, str]:
        aliases = self._get_aliases("indicator", self.catalogue.indicators)
        rows = self.catalogue.indicators.values()
        return aliases | _build_index((row.id, (row.title_fr, row.title_en)) for row in rows)

    @cached_property
    def _geography_ids(self) -> dict[str, str]:
        geographies = self.catalogue.geographies.values()
        ids_by_name = _build_index(
            (row.id, (row.title_fr, row.title_en, row.short_fr, row.short_en)) for row in geographies
        )
        synonyms = {**_index_countries(), **load_codes().place_ids}
        known = {name: code for name, code in synonyms.items() if code in self.catalogue.geographies}
        return self._get_aliases("geo", self.catalogue.geographies) | known | ids_by_name

    @cached_property
    def _item_ids(self) -> dict[str, str]:
        aliases = self._get_aliases("item", self.catalogue.items)
        return aliases | _build_index((row.id, (row.title_fr, row.title_en)) for row in self.catalogue.items.values())

    @cached_property
    def _market_ids(self) -> dict[str, str]:
        rows = (self.catalogue.segments[name] for name in self.catalogue.markets)
        return _build_index((row.id, (row.title_fr, row.title_en)) for row in rows)

    @cached_property
    def _knowhow_ids(self) -> dict[str, str]:
        return _build_index((row.id, (row.title_fr, row.title_en)) for row in self.catalogue.knowhow.values())

    def find_market_id(self, text: str) -> str | None:
        """The id of the market that a text names."""
        return self._market_ids.get(fold_text(strip_formula_guard(text)))

    def find_knowhow(self, text: str) -> KnowHow | None:
        """The know-how that a text names."""
        return self.catalogue.knowhow.get(self._knowhow_ids.get(fold_text(strip_formula_guard(text)), ""))

    def find_indicator(self, text: str) -> Indicator | None:
        """The indicator that a text names, also with its unit in brackets: "Livraisons d'ATR (unités)"."""
        exact = self._find_exact_indicator(text)
        unit = parse_bracketed_unit(text) if exact is None else ""
        without_unit = self._find_exact_indicator(_TRAILING_BRACKETS.sub("", text)) if unit else None
        return without_unit if without_unit is not None and is_unit_of(unit, without_unit) else exact

    def _find_exact_indicator(self, text: str) -> Indicator | None:
        by_id = self.catalogue.indicators.get(text)
        folded = fold_text(strip_formula_guard(text))
        indicator_id = self._indicator_ids.get(folded) or load_codes().series_ids.get(folded, "")
        return by_id or self.catalogue.indicators.get(indicator_id)

    def find_indicator_id(self, text: str) -> str | None:
        """The id of the indicator that a text names."""
        indicator = self.find_indicator(text)
        return None if indicator is None else indicator.id

    def find_geography_id(self, text: str) -> str | None:
        """The code of the place that a text names, also by a code with its name: `DE: Germany`."""
        if text in self.catalogue.geographies:
            return text
        by_name = self._geography_ids.get(fold_text(strip_formula_guard(text)))
        code, name = split_labelled_code(text) if by_name is None else ("", "")
        if not code:
            return by_name
        ids = {self._geography_ids.get(fold_text(part)) for part in (code, name)} - {None}
        return ids.pop() if len(ids) == 1 else None

    def find_place(self, text: str) -> str | None:
        """The place of the world that a text names: its code in the catalogue, else the ISO code of a country."""
        return self.find_geography_id(text) or _index_countries().get(fold_text(strip_formula_guard(text)))

    def find_place_by_number(self, text: str) -> str | None:
        """The country of a code of three digits, as statistical offices number them; leading zeros may be absent."""
        is_code = len(text) <= 3 and text.isascii() and text.isdigit()
        return _index_numeric_codes().get(int(text)) if is_code else None

    def find_item_id(self, text: str) -> str | None:
        """The id of the item that a text names; an empty text is the total."""
        return (
            text
            if not text or text in self.catalogue.items
            else self._item_ids.get(fold_text(strip_formula_guard(text)))
        )

    def get_titles(self, geo: str, item: str) -> dict[str, str]:
        """Titles of a geography and an item in both languages; empty for the total."""
        geography, breakdown = self.catalogue.geographies[geo], self.catalogue.items.get(item)
        titles = {f"geo_{language}": str(getattr(geography, f"short_{language}")) for language in LANGUAGES}
        return titles | {f"item_{language}": str(getattr(breakdown, f"title_{language}", "")) for language in LANGUAGES}

    def suggest_name(self, text: str, kind: EntityKind) -> dict[str, str]:
        """The most similar name, in both languages: an id for an id, a title for a title; empty if none is similar."""
        names = self._find_similar(text, kind)
        if not names:
            return {"near_fr": "", "near_en": ""}
        index, rows = self._get_names(kind)
        entity = index[names[0]]
        if names[0] == fold_text(entity) or entity not in rows:
            return {"near_fr": entity, "near_en": entity}
        return {f"near_{language}": str(getattr(rows[entity], f"title_{language}")) for language in LANGUAGES}

    def suggest_ids(self, text: str, kind: EntityKind) -> tuple[str, ...]:
        """The ids of the most similar names, the nearest first; at most three."""
        index, rows = self._get_names(kind)
        ids = dict.fromkeys(index[name] for name in self._find_similar(text, kind))
        return tuple(entity for entity in ids if entity in rows)[:_MAX_SUGGESTED_IDS]

    def _find_similar(self, text: str, kind: EntityKind) -> tuple[str, ...]:
        """The most similar folded names, the nearest first.

        The search is slow, so only the first hundred texts get an answer: more of them make another kind of file.
        """
        if (kind, text) not in self._suggestions:
            if len(self._suggestions) >= _MAX_SUGGESTIONS:
                return ()
            index = self._get_names(kind)[0]
            matches = get_close_matches(fold_text(text[:100]), index, n=_MAX_SIMILAR_NAMES, cutoff=_MIN_SIMILARITY)
            self._suggestions[kind, text] = tuple(matches)
        return self._suggestions[kind, text]

    def _get_names(self, kind: EntityKind) -> tuple[dict[str, str], Mapping[str, object]]:
        """The ids of a kind by folded name, and what they name."""
        by_kind: dict[EntityKind, Callable[[], tuple[dict[str, str], Mapping[str, object]]]] = {
            "indicator": lambda: (self._indicator_ids, self.catalogue.indicators),
            "geo": lambda: (self._geography_ids, self.catalogue.geographies),
            "item": lambda: (self._item_ids, self.catalogue.items),
            "market": lambda: (self._market_ids, self.catalogue.segments),
            "knowhow": lambda: (self._knowhow_ids, self.catalogue.knowhow),
        }
        return by_kind[kind]()


def _build_index(rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """Ids by folded name; a title that two entries share is left out, an id always finds itself."""
    id_by_title: dict[str, str] = {}
    ids: dict[str, str] = {}
    shared: set[str] = set()
    for name, titles in rows:
        ids[fold_text(name)] = name
        for title in {fold_text(title) for title in titles}:
            if id_by_title.setdefault(title, name) != name:
                shared.add(title)
    return {title: name for title, name in id_by_title.items() if title not in shared} | ids

"""Reads the catalogue under data/: every fault is a finding, and all of them are told at once."""

import difflib
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from observatory.catalogue import topic_checks
from observatory.catalogue.models import (
    CONFIDENCE_LEVELS,
    EFFECT_YEARS,
    IMPACT_LEVELS,
    INDICATOR_KINDS,
    Catalogue,
    CuratedEdition,
    DataSource,
    Event,
    ExcludedTopic,
    Gap,
    Geography,
    Indicator,
    Item,
    KnowHow,
    Segment,
    Topic,
)
from observatory.clock import Clock, system_clock
from observatory.errors import CatalogueError, Finding, MessageValue

_Entity = TypeVar("_Entity")

ID_PATTERN = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_GEOGRAPHY_ID_PATTERN = re.compile(r"[A-Z][A-Z0-9-]*", re.ASCII)
_ALLOWED_VALUES: Mapping[str, tuple[str, ...]] = {
    "kind": INDICATOR_KINDS,
    "confidence": CONFIDENCE_LEVELS,
    "seasonally_adjusted": ("yes", "no", "n/a"),
    "desired_direction": ("up", "down", "neutral"),
    "effect": EFFECT_YEARS,
    "impact": IMPACT_LEVELS,
    "licence_certainty": ("stated", "expected", "unknown"),
}
_GEOGRAPHY_KINDS = ("world", "aggregate", "country", "entity", "airport")
_OPTIONAL_TEXT_KEYS = {"headline_item", "item", "caveats_fr", "caveats_en", "page", "short_fr", "short_en"}
_TYPE_NAMES = {str: "text", bool: "true/false", int: "number", date: "date", datetime: "date-time", tuple: "list"}


@dataclass(frozen=True)
class CatalogueLoadResult:
    """What a folder holds: the catalogue if it can be used, and everything found on the way."""

    catalogue: Catalogue | None
    findings: tuple[Finding, ...]


class FindingList(list[Finding]):
    """What is wrong, as it is found."""

    def add_error(self, code: str, file: str, key: str = "", value: object = "", **values: MessageValue) -> None:
        """One more error."""
        self.append(Finding("error", code, file, column=key, value=str(value)[:200], values=values))


def _find_closest(word: str, words: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return found[0] if found else ""


def _load_toml(path: Path, name: str, findings: FindingList) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        findings.add_error("catalogue_missing_file", name)
    except UnicodeDecodeError as error:
        findings.add_error("catalogue_encoding", name, value=hex(error.object[error.start]))
    except tomllib.TOMLDecodeError as error:
        findings.add_error("catalogue_syntax", name, value=str(error))
    except RecursionError:
        findings.add_error("catalogue_syntax", name, value="nested too deeply")
    except OSError as error:
        findings.add_error("catalogue_unreadable", name, value=error.strerror or str(error))
    return {}


def _matches_type(value: object, kind: object) -> bool:
    origin = get_origin(kind)
    if origin is Literal:
        return value in get_args(kind)
    if origin in (Union, types.UnionType):
        return any(_matches_type(value, part) for part in get_args(kind) if part is not type(None))
    if origin is tuple:
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, cast(type, kind))


def _describe_type(kind: object) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(str(part) for part in get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return _describe_type(next(part for part in get_args(kind) if part is not type(None)))
    return _TYPE_NAMES.get(cast(type, get_origin(kind) or kind), "?")


def build_entity(
    entity_type: type, table: object, file: str, prefix: str, findings: FindingList, **given: object
) -> Any:
    """A table of TOML as an instance of a noun; None, with findings, if it cannot be one."""
    if not isinstance(table, dict):
        findings.add_error("catalogue_not_a_table", file, prefix.rstrip("."), table)
        return None
    before = len(findings)
    hints = get_type_hints(entity_type)
    names = {row.name for row in fields(entity_type)} - given.keys()
    values: dict[str, Any] = dict(given)
    for key in table.keys() - names:
        near = _find_closest(key, names)
        findings.add_error(
            "catalogue_unknown_key", file, prefix + key, table[key], near=near or ", ".join(sorted(names))
        )
    for row in fields(entity_type):
        if row.name in given:
            continue
        where, kind = prefix + row.name, hints[row.name]
        if row.name not in table:
            if row.default is MISSING and row.default_factory is MISSING:
                findings.add_error("catalogue_missing_key", file, where, wanted=_describe_type(kind))
            continue
        value = table[row.name]
        if not _matches_type(value, kind):
            findings.add_error("catalogue_wrong_type", file, where, value, wanted=_describe_type(kind))
        elif isinstance(value, str) and not value.strip() and row.name not in _OPTIONAL_TEXT_KEYS:
            findings.add_error("catalogue_empty", file, where)
        elif value not in (allowed := _ALLOWED_VALUES.get(row.name, (value,))) and entity_type is not Geography:
            findings.add_error("catalogue_not_allowed", file, where, value, allowed=", ".join(allowed))
        else:
            values[row.name] = tuple(value) if isinstance(value, list) else value
    return entity_type(**values) if len(findings) == before else None


def _load_entities(
    entity_type: type[_Entity], path: Path, findings: FindingList, pattern: re.Pattern[str] = ID_PATTERN
) -> dict[str, _Entity]:
    rows: dict[str, _Entity] = {}
    for name, table in _load_toml(path, path.name, findings).items():
        if not pattern.fullmatch(name):
            findings.add_error("catalogue_bad_id", path.name, name, name, pattern=pattern.pattern)
            continue
        row = build_entity(entity_type, table, path.name, f"{name}.", findings, id=name)
        if row is not None:
            rows[name] = row
    return rows


def build_entities(
    entity_type: type[_Entity], tables: object, file: str, key: str, findings: FindingList
) -> tuple[_Entity, ...]:
    """A list of tables as instances of a noun; those that cannot be one are findings."""
    if not isinstance(tables, list):
        findings.add_error("catalogue_not_a_list", file, key, tables)
        return ()
    rows = [
        build_entity(entity_type, table, file, f"{key}[{place}].", findings) for place, table in enumerate(tables, 1)
    ]
    return tuple(row for row in rows if row is not None)


def _load_indicator(path: Path, findings: FindingList) -> Indicator | None:
    file = f"indicators/{path.name}"
    if not ID_PATTERN.fullmatch(path.stem):
        findings.add_error("catalogue_bad_id", file, value=path.stem, pattern=ID_PATTERN.pattern)
        return None
    before = len(findings)
    table = _load_toml(path, file, findings)
    if len(findings) > before:
        return None
    gaps = build_entities(Gap, table.pop("gaps", []), file, "gaps", findings)
    return cast(Indicator | None, build_entity(Indicator, table, file, "", findings, id=path.stem, gaps=gaps))


def read_catalogue(folder: Path, clock: Clock = system_clock) -> CatalogueLoadResult:
    """The catalogue of a folder, with all its faults as findings; never raises for what a file holds."""
    found = FindingList()
    if not folder.is_dir():
        found.add_error("catalogue_missing_folder", str(folder))
        return CatalogueLoadResult(None, tuple(found))
    segments = _load_entities(Segment, folder / "segments.toml", found)
    sources = _load_entities(DataSource, folder / "sources.toml", found)
    places = _load_entities(Geography, folder / "geographies.toml", found, _GEOGRAPHY_ID_PATTERN)
    items = _load_entities(Item, folder / "items.toml", found)
    events_table = _load_toml(folder / "events.toml", "events.toml", found)
    events = build_entities(Event, events_table.get("events", []), "events.toml", "events", found)
    edition = build_entity(
        CuratedEdition, _load_toml(folder / "edition.toml", "edition.toml", found), "edition.toml", "", found
    )
    horizon = _load_toml(folder / "topics.toml", "topics.toml", found) if (folder / "topics.toml").exists() else {}
    weak = build_entities(Topic, horizon.get("topics", []), "topics.toml", "topics", found)
    left_out = build_entities(ExcludedTopic, horizon.get("absent", []), "topics.toml", "absent", found)
    judged = _load_entities(KnowHow, folder / "knowhow.toml", found)
    knowhow = {row.id: replace(row, rank=place) for place, row in enumerate(judged.values(), 1)}
    indicators = {}
    for path in sorted((folder / "indicators").glob("*.toml")):
        row = _load_indicator(path, found)
        if row is not None:
            indicators[row.id] = row
    if edition is None:
        return CatalogueLoadResult(None, tuple(found))
    catalogue = Catalogue(segments, indicators, sources, places, items, events, edition, weak, left_out, knowhow)
    found.extend(_check_edition(catalogue, clock()))
    for check in CHECKS:
        found.extend(check(catalogue, folder))
    return CatalogueLoadResult(None if any(row.level == "error" for row in found) else catalogue, tuple(found))


def load_catalogue(folder: Path, clock: Clock = system_clock) -> Catalogue:
    """The catalogue of a folder. Raises CatalogueError with all the findings if it cannot be used."""
    reading = read_catalogue(folder, clock)
    if reading.catalogue is None:
        errors = tuple(row for row in reading.findings if row.level == "error")
        raise CatalogueError("error.catalogue", findings=errors, count=len(errors), folder=str(folder))
    return reading.catalogue


def check_references(
    indicator: Indicator, catalogue: Catalogue, file: str, own_sources: Iterable[str] = ()
) -> list[Finding]:
    """What an indicator names and nothing defines; `own` are sources that come with it."""
    found = FindingList()
    named: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("segment", indicator.segment, catalogue.segments),
        ("source", indicator.source, {*catalogue.sources, *own_sources}),
        ("headline_geo", indicator.headline_geo, catalogue.geographies),
        *(("gaps.geo", gap.geo, catalogue.geographies) for gap in indicator.gaps),
        *((("headline_item", indicator.headline_item, catalogue.items),) if indicator.headline_item else ()),
        *(("gaps.item", gap.item, catalogue.items) for gap in indicator.gaps if gap.item),
    )
    for key, value, known in named:
        if value not in known:
            near = _find_closest(value, known) or ", ".join(sorted(known))
            found.add_error("catalogue_unknown_reference", file, key, value, near=near)
    segment = catalogue.segments.get(indicator.segment)
    if indicator.in_call and (indicator.role in ("cost", "context") or (segment is not None and not segment.market)):
        found.add_error("catalogue_not_in_call", file, "in_call", "true", role=indicator.role)
    if indicator.publication_lag_months < 0:
        found.add_error("catalogue_negative", file, "publication_lag_months", indicator.publication_lag_months)
    return found


def _check_indicators(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    rows = catalogue.indicators.values()
    return [fault for row in rows for fault in check_references(row, catalogue, f"indicators/{row.id}.toml")]


def _check_edition(catalogue: Catalogue, now: datetime) -> list[Finding]:
    found = FindingList()
    at = catalogue.edition.at
    if not datetime(2000, 1, 2, tzinfo=UTC) < at < now + timedelta(days=1):
        found.add_error("catalogue_bad_moment", "edition.toml", "at", at)
    if not catalogue.indicators:
        found.add_error("catalogue_no_indicators", "indicators")
    return found


def _check_files(_catalogue: Catalogue, folder: Path) -> list[Finding]:
    found = FindingList()
    facts = {path.stem for path in (folder / "indicators").glob("*.toml")}
    figures = {path.stem for path in (folder / "observations").glob("*.csv")}
    for name in sorted(facts - figures):
        found.add_error("catalogue_missing_file", f"observations/{name}.csv")
    for name in sorted(figures - facts):
        found.add_error("catalogue_missing_file", f"indicators/{name}.toml")
    return found


def _check_links(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    found = FindingList()
    for row in catalogue.sources.values():
        if row.page and not row.page.startswith("https://"):
            found.add_error("catalogue_bad_link", "sources.toml", f"{row.id}.page", row.page)
    return found


def _check_geography_kinds(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    found = FindingList()
    for row in catalogue.geographies.values():
        if row.kind not in _GEOGRAPHY_KINDS:
            allowed = ", ".join(_GEOGRAPHY_KINDS)
            found.add_error("catalogue_not_allowed", "geographies.toml", f"{row.id}.kind", row.kind, allowed=allowed)
    return found


def _check_knowhow(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    found, file = FindingList(), "knowhow.toml"
    for row in catalogue.knowhow.values():
        for name in sorted({*row.core, *row.some} - {*catalogue.markets}):
            near = _find_closest(name, catalogue.markets) or ", ".join(catalogue.markets)
            found.add_error("catalogue_unknown_reference", file, row.id, name, near=near)
        named = [*row.core, *row.some]
        for name in sorted({name for name in named if named.count(name) > 1}):
            found.add_error("catalogue_named_twice", file, row.id, name)
    served = {name for row in catalogue.knowhow.values() for name in (*row.core, *row.some)}
    for name in catalogue.markets:
        if name not in served:
            found.add_error("catalogue_without_knowhow", file, value=name)
    return found


CHECKS = (
    _check_indicators,
    _check_files,
    _check_links,
    _check_geography_kinds,
    topic_checks.check_topics,
    _check_knowhow,
)

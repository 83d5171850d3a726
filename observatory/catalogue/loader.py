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
    CONFIDENCES,
    EFFECTS,
    IMPACTS,
    KINDS,
    Absent,
    Catalogue,
    Edition,
    Event,
    Gap,
    Geography,
    Indicator,
    Item,
    KnowHow,
    Segment,
    Source,
    Topic,
)
from observatory.errors import CatalogueError, Finding, Value

N = TypeVar("N")

ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_PLACE = re.compile(r"[A-Z][A-Z0-9-]*", re.ASCII)
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "confidence": CONFIDENCES,
    "seasonally_adjusted": ("yes", "no", "n/a"),
    "desired_direction": ("up", "down", "neutral"),
    "effect": EFFECTS,
    "impact": IMPACTS,
    "licence_certainty": ("stated", "expected", "unknown"),
}
_PLACE_KINDS = ("world", "aggregate", "country", "entity", "airport")
_MAY_BE_EMPTY = {"headline_item", "item", "caveats_fr", "caveats_en", "page", "short_fr", "short_en"}
_TYPE_NAMES = {str: "text", bool: "true/false", int: "number", date: "date", datetime: "date-time", tuple: "list"}


@dataclass(frozen=True)
class Reading:
    """What a folder holds: the catalogue if it can be used, and everything found on the way."""

    catalogue: Catalogue | None
    findings: tuple[Finding, ...]


class Findings(list[Finding]):
    """What is wrong, as it is found."""

    def error(self, code: str, file: str, key: str = "", value: object = "", **values: Value) -> None:
        """One more error."""
        self.append(Finding("error", code, file, column=key, value=str(value)[:200], values=values))


def _near(word: str, words: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return found[0] if found else ""


def _toml(path: Path, name: str, found: Findings) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        found.error("catalogue_missing_file", name)
    except UnicodeDecodeError as error:
        found.error("catalogue_encoding", name, value=hex(error.object[error.start]))
    except tomllib.TOMLDecodeError as error:
        found.error("catalogue_syntax", name, value=str(error))
    except RecursionError:
        found.error("catalogue_syntax", name, value="nested too deeply")
    except OSError as error:
        found.error("catalogue_unreadable", name, value=error.strerror or str(error))
    return {}


def _fits(value: object, kind: object) -> bool:
    origin = get_origin(kind)
    if origin is Literal:
        return value in get_args(kind)
    if origin in (Union, types.UnionType):
        return any(_fits(value, part) for part in get_args(kind) if part is not type(None))
    if origin is tuple:
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, cast(type, kind))


def _wanted(kind: object) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(str(part) for part in get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return _wanted(next(part for part in get_args(kind) if part is not type(None)))
    return _TYPE_NAMES.get(cast(type, get_origin(kind) or kind), "?")


def row_of(noun: type, table: object, file: str, prefix: str, found: Findings, **given: object) -> Any:
    """A table of TOML as an instance of a noun; None, with findings, if it cannot be one."""
    if not isinstance(table, dict):
        found.error("catalogue_not_a_table", file, prefix.rstrip("."), table)
        return None
    before = len(found)
    hints = get_type_hints(noun)
    names = {row.name for row in fields(noun)} - given.keys()
    values: dict[str, Any] = dict(given)
    for key in table.keys() - names:
        near = _near(key, names)
        found.error("catalogue_unknown_key", file, prefix + key, table[key], near=near or ", ".join(sorted(names)))
    for row in fields(noun):
        if row.name in given:
            continue
        where, kind = prefix + row.name, hints[row.name]
        if row.name not in table:
            if row.default is MISSING and row.default_factory is MISSING:
                found.error("catalogue_missing_key", file, where, wanted=_wanted(kind))
            continue
        value = table[row.name]
        if not _fits(value, kind):
            found.error("catalogue_wrong_type", file, where, value, wanted=_wanted(kind))
        elif isinstance(value, str) and not value.strip() and row.name not in _MAY_BE_EMPTY:
            found.error("catalogue_empty", file, where)
        elif value not in (allowed := _ALLOWED.get(row.name, (value,))) and noun is not Geography:
            found.error("catalogue_not_allowed", file, where, value, allowed=", ".join(allowed))
        else:
            values[row.name] = tuple(value) if isinstance(value, list) else value
    return noun(**values) if len(found) == before else None


def _named(noun: type[N], path: Path, found: Findings, pattern: re.Pattern[str] = ID) -> dict[str, N]:
    rows: dict[str, N] = {}
    for name, table in _toml(path, path.name, found).items():
        if not pattern.fullmatch(name):
            found.error("catalogue_bad_id", path.name, name, name, pattern=pattern.pattern)
            continue
        row = row_of(noun, table, path.name, f"{name}.", found, id=name)
        if row is not None:
            rows[name] = row
    return rows


def listed(noun: type[N], tables: object, file: str, key: str, found: Findings) -> tuple[N, ...]:
    """A list of tables as instances of a noun; those that cannot be one are findings."""
    if not isinstance(tables, list):
        found.error("catalogue_not_a_list", file, key, tables)
        return ()
    rows = [row_of(noun, table, file, f"{key}[{place}].", found) for place, table in enumerate(tables, 1)]
    return tuple(row for row in rows if row is not None)


def _indicator(path: Path, found: Findings) -> Indicator | None:
    file = f"indicators/{path.name}"
    if not ID.fullmatch(path.stem):
        found.error("catalogue_bad_id", file, value=path.stem, pattern=ID.pattern)
        return None
    before = len(found)
    table = _toml(path, file, found)
    if len(found) > before:
        return None
    gaps = listed(Gap, table.pop("gaps", []), file, "gaps", found)
    return cast(Indicator | None, row_of(Indicator, table, file, "", found, id=path.stem, gaps=gaps))


def read(folder: Path) -> Reading:
    """The catalogue of a folder, with all its faults as findings; never raises for what a file holds."""
    found = Findings()
    if not folder.is_dir():
        found.error("catalogue_missing_folder", str(folder))
        return Reading(None, tuple(found))
    segments = _named(Segment, folder / "segments.toml", found)
    sources = _named(Source, folder / "sources.toml", found)
    places = _named(Geography, folder / "geographies.toml", found, _PLACE)
    items = _named(Item, folder / "items.toml", found)
    events_table = _toml(folder / "events.toml", "events.toml", found)
    events = listed(Event, events_table.get("events", []), "events.toml", "events", found)
    edition = row_of(Edition, _toml(folder / "edition.toml", "edition.toml", found), "edition.toml", "", found)
    horizon = _toml(folder / "topics.toml", "topics.toml", found) if (folder / "topics.toml").exists() else {}
    weak = listed(Topic, horizon.get("topics", []), "topics.toml", "topics", found)
    left_out = listed(Absent, horizon.get("absent", []), "topics.toml", "absent", found)
    judged = _named(KnowHow, folder / "knowhow.toml", found)
    knowhow = {row.id: replace(row, rank=place) for place, row in enumerate(judged.values(), 1)}
    indicators = {}
    for path in sorted((folder / "indicators").glob("*.toml")):
        row = _indicator(path, found)
        if row is not None:
            indicators[row.id] = row
    if edition is None:
        return Reading(None, tuple(found))
    catalogue = Catalogue(segments, indicators, sources, places, items, events, edition, weak, left_out, knowhow)
    for check in CHECKS:
        found.extend(check(catalogue, folder))
    return Reading(None if any(row.level == "error" for row in found) else catalogue, tuple(found))


def load(folder: Path) -> Catalogue:
    """The catalogue of a folder. Raises CatalogueError with all the findings if it cannot be used."""
    reading = read(folder)
    if reading.catalogue is None:
        errors = tuple(row for row in reading.findings if row.level == "error")
        raise CatalogueError("error.catalogue", findings=errors, count=len(errors), folder=str(folder))
    return reading.catalogue


def references(row: Indicator, catalogue: Catalogue, file: str, own: Iterable[str] = ()) -> list[Finding]:
    """What an indicator names and nothing defines; `own` are sources that come with it."""
    found = Findings()
    named: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("segment", row.segment, catalogue.segments),
        ("source", row.source, {*catalogue.sources, *own}),
        ("headline_geo", row.headline_geo, catalogue.geographies),
        *(("gaps.geo", gap.geo, catalogue.geographies) for gap in row.gaps),
        *((("headline_item", row.headline_item, catalogue.items),) if row.headline_item else ()),
        *(("gaps.item", gap.item, catalogue.items) for gap in row.gaps if gap.item),
    )
    for key, value, known in named:
        if value not in known:
            near = _near(value, known) or ", ".join(sorted(known))
            found.error("catalogue_unknown_reference", file, key, value, near=near)
    segment = catalogue.segments.get(row.segment)
    if row.in_call and (row.role in ("cost", "context") or (segment is not None and not segment.market)):
        found.error("catalogue_not_in_call", file, "in_call", "true", role=row.role)
    if row.publication_lag_months < 0:
        found.error("catalogue_negative", file, "publication_lag_months", row.publication_lag_months)
    return found


def _indicators(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    rows = catalogue.indicators.values()
    return [fault for row in rows for fault in references(row, catalogue, f"indicators/{row.id}.toml")]


def _edition(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    found = Findings()
    at = catalogue.edition.at
    if not datetime(2000, 1, 2, tzinfo=UTC) < at < datetime.now(UTC) + timedelta(days=1):
        found.error("catalogue_bad_moment", "edition.toml", "at", at)
    if not catalogue.indicators:
        found.error("catalogue_no_indicators", "indicators")
    return found


def _files(_catalogue: Catalogue, folder: Path) -> list[Finding]:
    found = Findings()
    facts = {path.stem for path in (folder / "indicators").glob("*.toml")}
    figures = {path.stem for path in (folder / "observations").glob("*.csv")}
    for name in sorted(facts - figures):
        found.error("catalogue_missing_file", f"observations/{name}.csv")
    for name in sorted(figures - facts):
        found.error("catalogue_missing_file", f"indicators/{name}.toml")
    return found


def _links(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    found = Findings()
    for row in catalogue.sources.values():
        if row.page and not row.page.startswith("https://"):
            found.error("catalogue_bad_link", "sources.toml", f"{row.id}.page", row.page)
    return found


def _place_kinds(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    found = Findings()
    for row in catalogue.geographies.values():
        if row.kind not in _PLACE_KINDS:
            allowed = ", ".join(_PLACE_KINDS)
            found.error("catalogue_not_allowed", "geographies.toml", f"{row.id}.kind", row.kind, allowed=allowed)
    return found


def _knowhow(catalogue: Catalogue, _folder: Path) -> list[Finding]:
    found, file = Findings(), "knowhow.toml"
    for row in catalogue.knowhow.values():
        for name in sorted({*row.core, *row.some} - {*catalogue.markets}):
            near = _near(name, catalogue.markets) or ", ".join(catalogue.markets)
            found.error("catalogue_unknown_reference", file, row.id, name, near=near)
        named = [*row.core, *row.some]
        for name in sorted({name for name in named if named.count(name) > 1}):
            found.error("catalogue_named_twice", file, row.id, name)
    served = {name for row in catalogue.knowhow.values() for name in (*row.core, *row.some)}
    for name in catalogue.markets:
        if name not in served:
            found.error("catalogue_without_knowhow", file, value=name)
    return found


CHECKS = (_edition, _indicators, _files, _links, _place_kinds, topic_checks.check, _knowhow)

"""Catalogue loader: reads data/ and reports every error as a finding, all of them at once."""

import difflib
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from observatory.catalogue import external_reader, recipe_checks, topic_checks
from observatory.catalogue.external_forecasts import ExternalForecasts, ForecastPublisher
from observatory.catalogue.files import CANDIDATES_FOLDER, EditionFiles, list_former_editions
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
from observatory.catalogue.recipes import (
    CERTAINTIES,
    CONNECTORS,
    INTERVALS,
    RULES,
    STATES,
    RecipeSeries,
    RefreshHost,
    RefreshRecipe,
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
    "connector": tuple(CONNECTORS),
    "every": INTERVALS,
    "state": STATES,
    "rule": RULES,
    "certainty": CERTAINTIES,
}
_GEOGRAPHY_KINDS = ("world", "aggregate", "country", "region", "entity", "airport")
_OPTIONAL_TEXT_KEYS = {"headline_item", "item", "caveats_fr", "caveats_en", "page", "short_fr", "short_en"}
_TYPE_NAMES = {
    str: "text",
    bool: "true/false",
    int: "number",
    date: "date",
    datetime: "date-time",
    tuple: "list",
    Mapping: "table of texts",
}


@dataclass(frozen=True)
class CatalogueLoadResult:
    """The catalogue of a folder, None if it has errors, and all findings."""

    catalogue: Catalogue | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class FormerEdition:
    """An edition before that of today: its catalogue and where its files are."""

    catalogue: Catalogue
    files: EditionFiles


class FindingList(list[Finding]):
    """A list of findings with a method to add errors."""

    def add_error(self, code: str, file: str, key: str = "", value: object = "", **values: MessageValue) -> None:
        """Appends an error."""
        self.append(Finding("error", code, file, column=key, value=str(value)[:200], values=values))


def _find_closest(word: str, words: Iterable[str]) -> str:
    matches = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return matches[0] if matches else ""


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
    if origin is Mapping:
        return isinstance(value, dict) and all(isinstance(part, str) for part in value.values())
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
    entity_type: type, table: object, file: str, prefix: str, findings: FindingList, **preset: object
) -> Any:
    """A TOML table as an instance of a catalogue model; None, with findings, if it is invalid."""
    if not isinstance(table, dict):
        findings.add_error("catalogue_not_a_table", file, prefix.rstrip("."), table)
        return None
    before = len(findings)
    hints = get_type_hints(entity_type)
    names = {entity_field.name for entity_field in fields(entity_type)} - preset.keys()
    values: dict[str, Any] = dict(preset)
    for key in table.keys() - names:
        closest = _find_closest(key, names)
        findings.add_error(
            "catalogue_unknown_key", file, prefix + key, table[key], near=closest or ", ".join(sorted(names))
        )
    for entity_field in fields(entity_type):
        if entity_field.name in preset:
            continue
        key_path, kind = prefix + entity_field.name, hints[entity_field.name]
        if entity_field.name not in table:
            if entity_field.default is MISSING and entity_field.default_factory is MISSING:
                findings.add_error("catalogue_missing_key", file, key_path, wanted=_describe_type(kind))
            continue
        value = table[entity_field.name]
        if not _matches_type(value, kind):
            findings.add_error("catalogue_wrong_type", file, key_path, value, wanted=_describe_type(kind))
        elif isinstance(value, str) and not value.strip() and entity_field.name not in _OPTIONAL_TEXT_KEYS:
            findings.add_error("catalogue_empty", file, key_path)
        elif (
            value not in (allowed := _ALLOWED_VALUES.get(entity_field.name, (value,))) and entity_type is not Geography
        ):
            findings.add_error("catalogue_not_allowed", file, key_path, value, allowed=", ".join(allowed))
        else:
            values[entity_field.name] = tuple(value) if isinstance(value, list) else value
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
    """A list of TOML tables as instances of a catalogue model; invalid ones become findings."""
    if not isinstance(tables, list):
        findings.add_error("catalogue_not_a_list", file, key, tables)
        return ()
    rows = [
        build_entity(entity_type, table, file, f"{key}[{position}].", findings)
        for position, table in enumerate(tables, 1)
    ]
    return tuple(row for row in rows if row is not None)


def _load_indicator(path: Path, findings: FindingList) -> tuple[Indicator | None, RefreshRecipe | None]:
    """The facts of an indicator or candidate, and the recipe in its table [refresh] if there is one."""
    file = f"{path.parent.name}/{path.name}"
    if not ID_PATTERN.fullmatch(path.stem):
        findings.add_error("catalogue_bad_id", file, value=path.stem, pattern=ID_PATTERN.pattern)
        return None, None
    before = len(findings)
    table = _load_toml(path, file, findings)
    if len(findings) > before:
        return None, None
    recipe = _build_recipe(table, path.stem, file, findings)
    gaps = build_entities(Gap, table.pop("gaps", []), file, "gaps", findings)
    indicator = build_entity(Indicator, table, file, "", findings, id=path.stem, gaps=gaps)
    return cast(Indicator | None, indicator), recipe


def _build_recipe(facts: dict[str, Any], indicator: str, file: str, findings: FindingList) -> RefreshRecipe | None:
    """The recipe of an indicator, taken out of its facts; None if there is none, or a wrong one."""
    if "refresh" not in facts:
        return None
    table = facts.pop("refresh")
    table = dict(table) if isinstance(table, dict) else table
    tables = table.pop("series", []) if isinstance(table, dict) else []
    preset = {
        "indicator": indicator,
        "frequency": facts.get("frequency"),
        "series": build_entities(RecipeSeries, tables, file, "refresh.series", findings),
    }
    return cast(RefreshRecipe | None, build_entity(RefreshRecipe, table, file, "refresh.", findings, **preset))


def read_catalogue(folder: Path, clock: Clock = system_clock) -> CatalogueLoadResult:
    """The catalogue of a folder, with all its errors as findings; never raises for the content of a file."""
    findings = FindingList()
    if not folder.is_dir():
        findings.add_error("catalogue_missing_folder", str(folder))
        return CatalogueLoadResult(None, tuple(findings))
    return _read_edition(EditionFiles(folder), clock)


def read_former_editions(folder: Path, clock: Clock = system_clock) -> tuple[FormerEdition, ...]:
    """The former editions that a folder keeps, oldest first. Raises CatalogueError if one cannot be used."""
    editions = []
    for own in list_former_editions(folder):
        findings = FindingList()
        edition = _load_edition(EditionFiles(folder, own), findings)
        files = EditionFiles(folder, own, frozenset(edition.indicators if edition is not None else ()))
        result = _read_edition(files, clock)
        catalogue = _require_catalogue(result, own)
        editions.append(FormerEdition(catalogue, files))
    return tuple(editions)


def _read_edition(files: EditionFiles, clock: Clock) -> CatalogueLoadResult:
    findings = FindingList()
    segments = _load_entities(Segment, files.locate("segments.toml"), findings)
    sources = _load_entities(DataSource, files.locate("sources.toml"), findings)
    geographies = _load_entities(Geography, files.locate("geographies.toml"), findings, _GEOGRAPHY_ID_PATTERN)
    items = _load_entities(Item, files.locate("items.toml"), findings)
    events_table = _load_toml(files.locate("events.toml"), "events.toml", findings)
    events = build_entities(Event, events_table.get("events", []), "events.toml", "events", findings)
    edition = _load_edition(files, findings)
    topics_path = files.locate("topics.toml")
    topics_table = _load_toml(topics_path, "topics.toml", findings) if topics_path.exists() else {}
    topics = build_entities(Topic, topics_table.get("topics", []), "topics.toml", "topics", findings)
    excluded_topics = build_entities(ExcludedTopic, topics_table.get("absent", []), "topics.toml", "absent", findings)
    knowhow_rows = _load_entities(KnowHow, files.locate("knowhow.toml"), findings)
    knowhow = {row.id: replace(row, rank=rank) for rank, row in enumerate(knowhow_rows.values(), 1)}
    hosts_path = files.locate("refresh.toml")
    hosts = _load_entities(RefreshHost, hosts_path, findings) if hosts_path.exists() else {}
    rows = [
        _load_indicator(files.locate(f"{part}/{name}.toml"), findings)
        for part in ("indicators", CANDIDATES_FOLDER)
        for name in files.list_names(part, ".toml")
    ]
    names = set(files.list_names("indicators", ".toml"))
    indicators = {row.id: row for row, _recipe in rows if row is not None and row.id in names}
    candidates = {row.id: row for row, _recipe in rows if row is not None and row.id not in names}
    recipes = {recipe.indicator: recipe for _row, recipe in rows if recipe is not None}
    if edition is None:
        return CatalogueLoadResult(None, tuple(findings))
    catalogue = Catalogue(
        segments,
        indicators,
        sources,
        geographies,
        items,
        events,
        edition,
        topics,
        excluded_topics,
        knowhow,
        recipes,
        hosts,
        candidates,
        _load_external_forecasts(files, findings),
    )
    findings.extend(_check_edition(catalogue, clock()))
    for check in CHECKS:
        findings.extend(check(catalogue, files))
    return CatalogueLoadResult(None if any(row.level == "error" for row in findings) else catalogue, tuple(findings))


def _load_external_forecasts(files: EditionFiles, findings: FindingList) -> ExternalForecasts:
    """The forecasts of others of an edition; a former edition has none unless it keeps its own."""
    folder = files.folder if files.own is None else files.own
    path = folder / external_reader.FORECASTS_FILE
    if not path.exists():
        return ExternalForecasts()
    publishers = _load_entities(ForecastPublisher, path.with_name("publishers.toml"), findings)
    return ExternalForecasts(publishers, external_reader.read_forecasts(path, findings))


def _load_edition(files: EditionFiles, findings: FindingList) -> CuratedEdition | None:
    table = _load_toml(files.locate("edition.toml"), "edition.toml", findings)
    return cast(CuratedEdition | None, build_entity(CuratedEdition, table, "edition.toml", "", findings))


def load_catalogue(folder: Path, clock: Clock = system_clock) -> Catalogue:
    """The catalogue of a folder. Raises CatalogueError with all the findings if it cannot be used."""
    return _require_catalogue(read_catalogue(folder, clock), folder)


def _require_catalogue(result: CatalogueLoadResult, folder: Path) -> Catalogue:
    if result.catalogue is None:
        errors = tuple(row for row in result.findings if row.level == "error")
        raise CatalogueError("error.catalogue", findings=errors, count=len(errors), folder=str(folder))
    return result.catalogue


def check_references(
    indicator: Indicator, catalogue: Catalogue, file: str, own_sources: Iterable[str] = ()
) -> list[Finding]:
    """Findings on undefined references of an indicator; `own_sources` come with it."""
    findings = FindingList()
    references: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("segment", indicator.segment, catalogue.segments),
        ("source", indicator.source, {*catalogue.sources, *own_sources}),
        ("headline_geo", indicator.headline_geo, catalogue.geographies),
        *(("gaps.geo", gap.geo, catalogue.geographies) for gap in indicator.gaps),
        *((("headline_item", indicator.headline_item, catalogue.items),) if indicator.headline_item else ()),
        *(("gaps.item", gap.item, catalogue.items) for gap in indicator.gaps if gap.item),
    )
    for key, value, defined in references:
        if value not in defined:
            closest = _find_closest(value, defined) or ", ".join(sorted(defined))
            findings.add_error("catalogue_unknown_reference", file, key, value, near=closest)
    segment = catalogue.segments.get(indicator.segment)
    if indicator.in_call and (indicator.role in ("cost", "context") or (segment is not None and not segment.market)):
        findings.add_error("catalogue_not_in_call", file, "in_call", "true", role=indicator.role)
    if indicator.publication_lag_months < 0:
        findings.add_error("catalogue_negative", file, "publication_lag_months", indicator.publication_lag_months)
    return findings


def _check_indicators(catalogue: Catalogue, _files: EditionFiles) -> list[Finding]:
    files = {name: f"indicators/{name}.toml" for name in catalogue.indicators}
    files |= {name: f"{CANDIDATES_FOLDER}/{name}.toml" for name in catalogue.candidates}
    rows = {**catalogue.indicators, **catalogue.candidates}
    return [finding for name, row in rows.items() for finding in check_references(row, catalogue, files[name])]


def _check_edition(catalogue: Catalogue, now: datetime) -> list[Finding]:
    findings = FindingList()
    at = catalogue.edition.at
    if not datetime(2000, 1, 2, tzinfo=UTC) < at < now + timedelta(days=1):
        findings.add_error("catalogue_bad_moment", "edition.toml", "at", at)
    if not catalogue.indicators:
        findings.add_error("catalogue_no_indicators", "indicators")
    return findings


def _check_files(_catalogue: Catalogue, files: EditionFiles) -> list[Finding]:
    findings = FindingList()
    facts = set(files.list_names("indicators", ".toml"))
    figures = set(files.list_names("observations", ".csv"))
    for name in sorted(facts - figures):
        findings.add_error("catalogue_missing_file", f"observations/{name}.csv")
    for name in sorted(figures - facts):
        findings.add_error("catalogue_missing_file", f"indicators/{name}.toml")
    for name in sorted(facts & set(files.list_names(CANDIDATES_FOLDER, ".toml"))):
        findings.add_error(
            "catalogue_candidate_twice", f"{CANDIDATES_FOLDER}/{name}.toml", near=f"indicators/{name}.toml"
        )
    return findings


def _check_external_forecasts(catalogue: Catalogue, _files: EditionFiles) -> list[Finding]:
    return external_reader.check_external_forecasts(catalogue)


def _check_links(catalogue: Catalogue, _files: EditionFiles) -> list[Finding]:
    findings = FindingList()
    for row in catalogue.sources.values():
        if row.page and not row.page.startswith("https://"):
            findings.add_error("catalogue_bad_link", "sources.toml", f"{row.id}.page", row.page)
    return findings


def _check_geography_kinds(catalogue: Catalogue, _files: EditionFiles) -> list[Finding]:
    findings = FindingList()
    for row in catalogue.geographies.values():
        if row.kind not in _GEOGRAPHY_KINDS:
            allowed = ", ".join(_GEOGRAPHY_KINDS)
            findings.add_error("catalogue_not_allowed", "geographies.toml", f"{row.id}.kind", row.kind, allowed=allowed)
    return findings


def _check_knowhow(catalogue: Catalogue, _files: EditionFiles) -> list[Finding]:
    findings, file = FindingList(), "knowhow.toml"
    for row in catalogue.knowhow.values():
        for name in sorted({*row.core, *row.some} - {*catalogue.markets}):
            closest = _find_closest(name, catalogue.markets) or ", ".join(catalogue.markets)
            findings.add_error("catalogue_unknown_reference", file, row.id, name, near=closest)
        segments = [*row.core, *row.some]
        for name in sorted({name for name in segments if segments.count(name) > 1}):
            findings.add_error("catalogue_named_twice", file, row.id, name)
    served = {name for row in catalogue.knowhow.values() for name in (*row.core, *row.some)}
    for name in catalogue.markets:
        if name not in served:
            findings.add_error("catalogue_without_knowhow", file, value=name)
    return findings


CHECKS = (
    _check_indicators,
    _check_files,
    _check_links,
    _check_geography_kinds,
    topic_checks.check_topics,
    _check_knowhow,
    recipe_checks.check_recipes,
    _check_external_forecasts,
)

"""Catalogue loader: reads data/ and reports every error as a finding, all of them at once."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from observatory.catalogue import external_reader
from observatory.catalogue.checks import CHECKS
from observatory.catalogue.entities import (
    ID_PATTERN,
    FindingList,
    build_entities,
    build_entity,
    load_entities,
    load_toml,
)
from observatory.catalogue.external_forecasts import ExternalForecasts, ForecastPublisher
from observatory.catalogue.files import CANDIDATES_FOLDER, EditionFiles, list_former_editions
from observatory.catalogue.models import (
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
    RecipeSeries,
    RefreshHost,
    RefreshRecipe,
)
from observatory.clock import Clock, system_clock
from observatory.errors import CatalogueError, Finding

_GEOGRAPHY_ID_PATTERN = re.compile(r"[A-Z][A-Z0-9-]*", re.ASCII)


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


def _load_indicator(path: Path, findings: FindingList) -> tuple[Indicator | None, RefreshRecipe | None]:
    """The facts of an indicator or candidate, and the recipe in its table [refresh] if there is one."""
    file = f"{path.parent.name}/{path.name}"
    if not ID_PATTERN.fullmatch(path.stem):
        findings.add_error("catalogue_bad_id", file, value=path.stem, pattern=ID_PATTERN.pattern)
        return None, None
    before = len(findings)
    table = load_toml(path, file, findings)
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
    segments = load_entities(Segment, files.locate("segments.toml"), findings)
    sources = load_entities(DataSource, files.locate("sources.toml"), findings)
    geographies = load_entities(Geography, files.locate("geographies.toml"), findings, _GEOGRAPHY_ID_PATTERN)
    items = load_entities(Item, files.locate("items.toml"), findings)
    events_table = load_toml(files.locate("events.toml"), "events.toml", findings)
    events = build_entities(Event, events_table.get("events", []), "events.toml", "events", findings)
    edition = _load_edition(files, findings)
    topics_path = files.locate("topics.toml")
    topics_table = load_toml(topics_path, "topics.toml", findings) if topics_path.exists() else {}
    topics = build_entities(Topic, topics_table.get("topics", []), "topics.toml", "topics", findings)
    excluded_topics = build_entities(ExcludedTopic, topics_table.get("absent", []), "topics.toml", "absent", findings)
    knowhow_rows = load_entities(KnowHow, files.locate("knowhow.toml"), findings)
    knowhow = {row.id: replace(row, rank=rank) for rank, row in enumerate(knowhow_rows.values(), 1)}
    hosts_path = files.locate("refresh.toml")
    hosts = load_entities(RefreshHost, hosts_path, findings) if hosts_path.exists() else {}
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
    publishers = load_entities(ForecastPublisher, path.with_name("publishers.toml"), findings)
    return ExternalForecasts(publishers, external_reader.read_forecasts(path, findings))


def _load_edition(files: EditionFiles, findings: FindingList) -> CuratedEdition | None:
    table = load_toml(files.locate("edition.toml"), "edition.toml", findings)
    return cast(CuratedEdition | None, build_entity(CuratedEdition, table, "edition.toml", "", findings))


def load_catalogue(folder: Path, clock: Clock = system_clock) -> Catalogue:
    """The catalogue of a folder. Raises CatalogueError with all the findings if it cannot be used."""
    return _require_catalogue(read_catalogue(folder, clock), folder)


def _require_catalogue(result: CatalogueLoadResult, folder: Path) -> Catalogue:
    if result.catalogue is None:
        errors = tuple(row for row in result.findings if row.level == "error")
        raise CatalogueError("error.catalogue", findings=errors, count=len(errors), folder=str(folder))
    return result.catalogue


def _check_edition(catalogue: Catalogue, now: datetime) -> list[Finding]:
    findings = FindingList()
    at = catalogue.edition.at
    if not datetime(2000, 1, 2, tzinfo=UTC) < at < now + timedelta(days=1):
        findings.add_error("catalogue_bad_moment", "edition.toml", "at", at)
    if not catalogue.indicators:
        findings.add_error("catalogue_no_indicators", "indicators")
    return findings

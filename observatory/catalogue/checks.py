"""Checks of the catalogue: what its entities must agree on among themselves."""

from collections.abc import Iterable

from observatory.catalogue import external_reader, recipe_checks, topic_checks
from observatory.catalogue.entities import (
    FindingList,
    find_closest,
)
from observatory.catalogue.files import CANDIDATES_FOLDER, EditionFiles
from observatory.catalogue.models import (
    Catalogue,
    Indicator,
)
from observatory.errors import Finding

_GEOGRAPHY_KINDS = ("world", "aggregate", "country", "region", "entity", "airport")


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
            closest = find_closest(value, defined) or ", ".join(sorted(defined))
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
            closest = find_closest(name, catalogue.markets) or ", ".join(catalogue.markets)
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

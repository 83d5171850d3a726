"""Input of new indicators: the keys of data/indicators, most with a default."""

import re
import tomllib
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from observatory.catalogue.checks import check_references
from observatory.catalogue.codec import encode_indicator
from observatory.catalogue.entities import ID_PATTERN, FindingList, build_entities, build_entity
from observatory.catalogue.models import Catalogue, DataSource, Gap, Indicator
from observatory.errors import Finding
from observatory.typography import sanitize_text

MAX_TEXT_CHARS = 2_000  # longer texts are cut
_BILINGUAL_KEYS = (
    "title",
    "description",
    "unit",
    "caveats",
    "publisher",
    "licence",
)  # a text in one language stands for both
_SOURCE_KEYS = {row.name for row in fields(DataSource)} - {"id"}


def parse_indicator_input(
    file: str, content: bytes, catalogue: Catalogue, inferred: Mapping[str, Mapping[str, Any]], today: date
) -> tuple[dict[str, dict[str, Any]], tuple[Finding, ...]]:
    """The facts of new indicators from a TOML file, by id, as JSON values; and everything wrong with it.

    The file is like one of data/indicators and describes the one indicator that the figures name and the catalogue
    lacks, or has a table for each. `inferred` holds, by id, what the figures show (frequency,
    headline_geo, headline_item); it fills what the file leaves out.
    """
    findings = FindingList()
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        findings.add_error("catalogue_syntax", file, value=str(error))
        return {}, tuple(findings)
    if table and all(isinstance(value, dict) for value in table.values()):
        tables = table
    else:
        name = str(table.pop("id", "")) or (next(iter(inferred)) if len(inferred) == 1 else "")
        if not name:
            findings.add_error("about_which", file, "id", ", ".join(inferred))
            return {}, tuple(findings)
        tables = {name: table}
    facts: dict[str, dict[str, Any]] = {}
    for name, row in tables.items():
        indicator_facts, row_findings = build_indicator_facts(name, row, catalogue, inferred.get(name, {}), today, file)
        findings.extend(row_findings)
        if indicator_facts is not None:
            facts[name] = indicator_facts
    return facts, tuple(findings)


def build_indicator_facts(
    name: str, entered: Mapping[str, Any], catalogue: Catalogue, inferred: Mapping[str, Any], today: date, file: str
) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """The facts of one new indicator, completed and checked; None, with findings, if they cannot be used."""
    findings = FindingList()
    if not ID_PATTERN.fullmatch(name) or len(name) > 60:
        findings.add_error("catalogue_bad_id", file, "id", name, pattern=ID_PATTERN.pattern)
        return None, tuple(findings)
    table = _fill_languages(entered)
    table.pop("refresh", None)  # a file of data/indicators may hold a recipe, which is no fact of a vintage
    source_facts = {key: table.pop(key) for key in list(table) if key in _SOURCE_KEYS}
    if source_facts:
        table["source"] = f"of_{name}"
    table = _default_facts(name, today) | {key: value for key, value in inferred.items() if value} | table
    gaps = build_entities(Gap, table.pop("gaps", []), file, "gaps", findings)
    indicator = build_entity(Indicator, table, file, "", findings, id=name, gaps=gaps)
    source = None
    if source_facts:
        filled = {"licence_certainty": "stated", "attribution": source_facts.get("publisher_en", "")} | source_facts
        source = build_entity(DataSource, filled, file, "", findings, id=f"of_{name}")
        if source is not None and source.page and not source.page.startswith(("https://", "http://")):
            findings.add_error("catalogue_bad_link", file, "page", source.page)
    if indicator is None or findings:
        return None, tuple(findings)
    findings.extend(check_references(indicator, catalogue, file, {source.id} if source is not None else set()))
    return (None if findings else encode_indicator(indicator, source)), tuple(findings)


def slugify(title: str) -> str:
    """An id for a title: `Commandes d'hélicoptères` -> commandes_d_helicopteres; one in another script has a number."""
    ascii_title = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", ascii_title).strip("_")[:58].strip("_") or f"{zlib.crc32(title.encode()):08x}"
    return slug if ID_PATTERN.fullmatch(slug) else f"x_{slug}"


def _fill_languages(entered: Mapping[str, Any]) -> dict[str, Any]:
    """The table with both languages: a text without a language, or in one language only, stands for both."""
    table = {
        name: sanitize_text(value, MAX_TEXT_CHARS) if isinstance(value, str) else value
        for name, value in entered.items()
    }
    for name in _BILINGUAL_KEYS:
        neutral_text = table.pop(name, None)
        for language, other in (("fr", "en"), ("en", "fr")):
            text = table.get(f"{name}_{language}") or table.get(f"{name}_{other}") or neutral_text
            if text is not None:
                table[f"{name}_{language}"] = text
    return table


def _default_facts(name: str, today: date) -> dict[str, Any]:
    return {
        "rank": 90,  # after the curated ones of its role
        "description_fr": "Indicateur déposé par un analyste.",
        "description_en": "Indicator uploaded by an analyst.",
        "kind": "flow",
        "seasonally_adjusted": "no",
        "desired_direction": "up",
        "family": name,
        "in_call": False,  # the evidence of a call changes only on request
        "proxy": False,
        "publication_lag_months": 3,
        "headline_item": "",
        "confidence": "medium",
        "caveats_fr": "",
        "caveats_en": "",
        "accessed": today,
        "source_files": [],
        "transformation": "Uploaded file, as it is.",
    }

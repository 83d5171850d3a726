"""Entities of the catalogue: TOML tables read into its models, with a finding for each key that does not fit."""

import difflib
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from observatory.catalogue.models import (
    CONFIDENCE_LEVELS,
    EFFECT_YEARS,
    IMPACT_LEVELS,
    INDICATOR_KINDS,
    Geography,
)
from observatory.catalogue.recipes import (
    CERTAINTIES,
    CONNECTORS,
    INTERVALS,
    RULES,
    STATES,
)
from observatory.errors import Finding, MessageValue

_Entity = TypeVar("_Entity")
ID_PATTERN = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
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


class FindingList(list[Finding]):
    """A list of findings with a method to add errors."""

    def add_error(self, code: str, file: str, key: str = "", value: object = "", **values: MessageValue) -> None:
        """Appends an error."""
        self.append(Finding("error", code, file, column=key, value=str(value)[:200], values=values))


def find_closest(word: str, words: Iterable[str]) -> str:
    """The word most like a given one, empty where none is."""
    matches = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)
    return matches[0] if matches else ""


def load_toml(path: Path, name: str, findings: FindingList) -> dict[str, Any]:
    """The keys of a TOML file; empty, with a finding, where it cannot be read."""
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
        closest = find_closest(key, names)
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


def load_entities(
    entity_type: type[_Entity], path: Path, findings: FindingList, pattern: re.Pattern[str] = ID_PATTERN
) -> dict[str, _Entity]:
    """The entities of a TOML file by their ids; `pattern` is what an id looks like."""
    rows: dict[str, _Entity] = {}
    for name, table in load_toml(path, path.name, findings).items():
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

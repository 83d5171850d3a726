"""Codes, heads and labels of publishers, as data: `codes.toml` and the lookups that decoding needs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from observatory.ingest.decode.text import fold_text

_FILE = Path(__file__).parents[1] / "codes.toml"


@dataclass(frozen=True)
class PublisherCodes:
    """Everything of `codes.toml`, folded for comparison.

    `place_ids` and `series_ids` give the id of the catalogue for a code; `heads` and `similar` list heads by role;
    `label_groups` are heads that say one thing as a code and as a name; `metadata` lists the labels of lines above a
    table by what they say; `total_words` begin a row of totals, `note_words` a note below a table.
    """

    place_ids: Mapping[str, str]
    series_ids: Mapping[str, str]
    heads: Mapping[str, tuple[str, ...]]
    similar: Mapping[str, frozenset[str]]
    label_groups: tuple[frozenset[str], ...]
    metadata: Mapping[str, frozenset[str]]
    total_words: frozenset[str]
    note_words: tuple[str, ...]

    def share_label_group(self, first: str, second: str) -> bool:
        """Whether two heads say the same thing, as a code and as a name: `TIME` and `Time` do."""
        pair = {fold_text(first), fold_text(second)}
        return len(pair) == 1 or any(pair <= group for group in self.label_groups)


@cache
def load_codes() -> PublisherCodes:
    """The codes of publishers, read once."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return PublisherCodes(
        _invert(data["places"]),
        _invert(data["series"]),
        {role: tuple(names) for role, names in data["heads"].items()},
        {role: _fold_all(words) for role, words in data["similar"].items()},
        tuple(_fold_all(group) for group in data["labels"]["groups"]),
        {kind: _fold_all(labels) for kind, labels in data["metadata"].items()},
        _fold_all(data["words"]["total"]),
        tuple(sorted(_fold_all(data["words"]["note"]))),
    )


def _invert(codes_by_id: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold_text(code): name for name, codes in codes_by_id.items() for code in codes}


def _fold_all(words: list[str]) -> frozenset[str]:
    return frozenset(map(fold_text, words))

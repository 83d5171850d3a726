"""What the head of a column, or a cell of it, means to publishers: lookups in publishers.toml, folded."""

import re
from functools import lru_cache

from observatory.ingest.decode.name_index import fold_header, split_labelled_code
from observatory.ingest.decode.publishers import load_publishers
from observatory.ingest.decode.text import fold_text

_WHOLE_NUMBER = re.compile(r"(?P<power>[+-]?\d{1,3})(?:[.,]0+)?", re.ASCII)
_MAX_POWER = 15  # of ten, of a multiplier that is written as a number


def is_head(header: str, section: str, key: str = "heads") -> bool:
    """Whether a header is among those of a list of publishers.toml, without a unit in brackets."""
    names = _fold_names(section, key)
    texts = (fold_header(header), fold_text(header), fold_text(split_labelled_code(header)[0]))
    return not names.isdisjoint(text for text in texts if text)


def is_word(text: str, section: str, key: str) -> bool:
    """Whether the text of a cell is among those of a list of publishers.toml."""
    return fold_text(text) in _fold_names(section, key)


def has_prefix(header: str, section: str, key: str) -> bool:
    """Whether a header begins as one of a list of publishers.toml does."""
    return header.casefold().startswith(tuple(name.casefold() for name in load_publishers()[section][key]))


@lru_cache(maxsize=32)
def _fold_names(section: str, key: str) -> frozenset[str]:
    return frozenset(fold_text(name) for name in load_publishers()[section][key])


@lru_cache(maxsize=1)
def _load_power_words() -> dict[str, int]:
    return {fold_text(word): power for word, power in load_publishers()["multipliers"]["words"].items()}


def parse_power(text: str) -> int | None:
    """The power of ten that a cell of a multiplier says: 6, 6.0, "Millions"; None if it says none."""
    match = _WHOLE_NUMBER.fullmatch(text.strip())
    if match is None:
        return _load_power_words().get(fold_text(text))
    power = int(match["power"])
    return power if abs(power) <= _MAX_POWER else None

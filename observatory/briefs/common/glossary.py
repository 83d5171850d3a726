"""The glossary: each term with its definition, the same on every page."""

import unicodedata
from dataclasses import dataclass

from observatory.language import Localizer

GLOSSARY_TERMS = (
    "series",
    "indicator",
    "roles",
    "index",
    "edition",
    "call",
    "forecast",
    "projection",
    "range",
    "probability",
    "horizon",
    "reference",
    "replay",
    "test",
    "proxy",
    "seasonal",
    "turning",
    "growth",
    "brier",
)


@dataclass(frozen=True)
class GlossaryTerm:
    """A term by its name in addresses and messages, as it is written, and what it means."""

    name: str
    title: str
    text: str


def find_term(name: str, localizer: Localizer) -> GlossaryTerm:
    """A term by its name, which is one of GLOSSARY_TERMS."""
    return GlossaryTerm(name, localizer.text(f"glossary.{name}"), localizer.text(f"glossary.{name}.text"))


def list_terms(localizer: Localizer) -> list[GlossaryTerm]:
    """All terms in alphabetical order, an accented letter after the same letter without accent."""
    terms = (find_term(name, localizer) for name in GLOSSARY_TERMS)
    return sorted(terms, key=lambda row: unicodedata.normalize("NFD", row.title.lower()))

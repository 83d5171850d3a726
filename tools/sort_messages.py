"""Sorts both message catalogues into sections by page or package: `python tools/sort_messages.py`.

A message belongs to the section that lists the first part of its key (`track.lead` -> `track`); the id of a page in
the registry is such a part. Within a section the order of the French catalogue is kept, and both files get the same
order. Texts are moved, never rewritten.
"""

import re
import sys
from pathlib import Path

from observatory.briefs.registry import PAGES

_MESSAGES = Path(__file__).resolve().parents[1] / "observatory" / "messages"
_BEFORE_PAGES = {
    "Frame of every page: menu, controls, notices, footer": (
        "app page tab frame control share banner notice footer brand shell streamlit line language download empty"
    ),
    "Numbers, dates and probabilities": "number unit odds probability chances period data moment frequency size list",
    "Catalogue: roles, confidence, sources": "role confidence certainty source",
    "Calls, on every page that shows one": "call criterion reasons recent thin unclear warning standing",
    "Figures, tables and what they disclose": ("figure table alt how note honesty reference freshness typed glossary"),
}
_PAGE_PREFIXES = {  # in addition to the id of a page
    "overview": "ranking reading scatter surest",
    "segment": "section market key bridge why wrong indicators index scenario together shock leads flag",
    "portfolio": "neighbours",
    "purchasing": "threshold",
    "track_record": "track ranges others",
    "whats_new": "news knowhow",
    "publish": "about columns field names progress sign_in",
    "method": "words",
}
_PAGE_NAMES = {"whats_new": "What's new"}  # where the id alone does not give it
_AFTER_PAGES = {
    "Notes of the cluster": "cluster",
    "Meeting mode": "meeting",
    "Social card": "social",
    "Exports": "export",
    "API": "api",
    "Notifications": "notify",
    "Command line": "cli doctor refresh store",
    "Errors": "error link",
    "Reports on files and on the catalogue": "report finding",
}


def _list_page_sections() -> dict[str, str]:
    """A section for each page of the registry: its name, and the first parts of its keys."""
    return {
        _PAGE_NAMES.get(row.id, row.id.replace("_", " ").capitalize()): f"{row.id} {_PAGE_PREFIXES.get(row.id, '')}"
        for row in PAGES
    }


_SECTIONS = {**_BEFORE_PAGES, **_list_page_sections(), **_AFTER_PAGES}
_SECTION_OF = {prefix: name for name, prefixes in _SECTIONS.items() for prefix in prefixes.split()}
_KEY = re.compile(r'^msgid "([^"]+)"$', re.MULTILINE)


def read_entries(language: str) -> tuple[str, dict[str, str]]:
    """The header of a catalogue, and the text of each entry by its key. Exits where a key stands twice."""
    header, *blocks = (_MESSAGES / f"{language}.po").read_text(encoding="utf-8").strip().split("\n\n")
    entries: dict[str, str] = {}
    for block in blocks:
        match = _KEY.search(block)
        if match is None:
            continue  # the comment of a section
        if match[1] in entries:
            sys.exit(f"{language}.po: {match[1]} stands twice")
        entries[match[1]] = "\n".join(line for line in block.splitlines() if not line.startswith("# "))
    return header, entries


def main() -> None:
    """Writes both files; exits with the keys that belong to no section or to one language only."""
    (header_fr, french), (header_en, english) = read_entries("fr"), read_entries("en")
    if unmatched := french.keys() ^ english.keys():
        sys.exit(f"in one language only: {', '.join(sorted(unmatched))}")
    if unsorted := [key for key in french if key.split(".")[0] not in _SECTION_OF]:
        sys.exit(f"in no section of {__file__}: {', '.join(unsorted)}")
    for language, header, entries in (("fr", header_fr, french), ("en", header_en, english)):
        parts = [header]
        for name in _SECTIONS:
            keys = [key for key in french if _SECTION_OF[key.split(".")[0]] == name]
            parts += [f"# {name}\n{entries[keys[0]]}", *(entries[key] for key in keys[1:])]
        (_MESSAGES / f"{language}.po").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

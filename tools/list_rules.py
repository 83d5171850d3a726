"""Writes the table of rules in docs/publishing.md from RULES and their docstrings: `python tools/list_rules.py`."""

import re
from pathlib import Path

from observatory.ingest.rules import RULES

_DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "publishing.md"


def main() -> None:
    """Replaces the rows of the table; the text around it stays."""
    rows = [
        f"| `{rule.code}` | {rule.level} | {(rule.check.__doc__ or '').strip().splitlines()[0]} |" for rule in RULES
    ]
    text = _DOCUMENT.read_text(encoding="utf-8")
    table = re.compile(r"(?<=\| rule \| level \| what it asks \|\n\|---\|---\|---\|\n)(?:\|.*\n)+")
    _DOCUMENT.write_text(table.sub("\n".join(rows).replace("\\", "\\\\") + "\n", text), encoding="utf-8")


if __name__ == "__main__":
    main()

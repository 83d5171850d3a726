"""Lists whose rows lead somewhere, as tables that a narrow screen shows as blocks: every text is escaped here."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from observatory.briefs.common.model import Entry, Listing, Table, Turned
from observatory.pages.components.html import FIGURE, chip, more, right
from observatory.selection import DEFAULT, address

SHORT = replace(DEFAULT, lang="")  # a link says its language, and nothing that is a default


def listing(content: Listing, path: str) -> str:
    """A Listing as a table whose rows lead to a path; what is not in sight is one click away."""
    entries = content.entries
    first = linked(content.title, content.heads, entries[: content.shown], path)
    if len(entries) <= content.shown:
        return first
    return first + more(content.rest, linked(content.rest, content.heads, entries[content.shown :], path))


def linked(caption: str, heads: Sequence[str], entries: Sequence[Entry], path: str) -> str:
    """A table whose rows lead somewhere (nowhere without a path); a narrow screen shows blocks with the heads."""
    figures = [all(FIGURE.fullmatch(row.cells[place]) for row in entries) for place in range(len(heads) - 1)]
    lines = []
    for row in entries:
        title = escape(row.title)
        if path:
            link = escape(address(path, row.target, SHORT), quote=True)
            title = f'<a href="{link}" target="_self">{title}</a>'
        below = f"<small>{escape(row.below)}</small>" if row.below else ""
        cells = "".join(
            f'<td data-head="{escape(head, quote=True)}"{right(there, words=cell)}>{escape(cell)}</td>'
            for head, there, cell in zip(heads[1:], figures, row.cells, strict=True)
        )
        lines.append(f'<tr><th scope="row">{title}{below}</th>{cells}</tr>')
    return stacked(caption, heads, [False, *figures], lines)


def turned(rows: Sequence[Turned], heads: Sequence[str], caption: str, path: str) -> str:
    """Calls before and after as a table, each with its mark, its word and its odds."""
    lines = []
    for row in rows:
        link = escape(address(path, row.target, SHORT), quote=True)
        cells = "".join(
            f'<td data-head="{escape(head, quote=True)}">{_verdict(said)}</td>'
            for head, said in zip(heads[1:], (row.old, row.new), strict=True)
        )
        title = f'<a href="{link}" target="_self">{escape(row.title)}</a><small>{escape(row.horizon)}</small>'
        lines.append(f'<tr><th scope="row">{title}</th>{cells}</tr>')
    return stacked(caption, heads, [False] * len(heads), lines, " o-turned")


def _verdict(said: tuple[str, str, str]) -> str:
    call, label, odds = said
    mark = chip(call, label) if call else f'<span class="o-call">{escape(label)}</span>'
    return f"{mark}<small>{escape(odds)}</small>" if odds else mark


def stacked(caption: str, heads: Sequence[str], figures: Sequence[bool], lines: Sequence[str], kind: str = "") -> str:
    """A table of rows that are HTML already, which a narrow screen shows as blocks."""
    head = "".join(
        f'<th scope="col"{right(there)}>{escape(text)}</th>' for text, there in zip(heads, figures, strict=True)
    )
    return (
        f'<table class="o-table o-stack{kind}"><caption class="o-hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )


def plain(content: Table) -> str:
    """A table of words, in blocks on a narrow screen; every cell may hold what somebody uploaded."""
    lines = []
    for row in content.rows:
        cells = "".join(
            f'<td data-head="{escape(head, quote=True)}">{escape(cell)}</td>'
            for head, cell in zip(content.heads[1:], row[1:], strict=True)
        )
        lines.append(f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>')
    return stacked(content.caption, content.heads, [False] * len(content.heads), lines)

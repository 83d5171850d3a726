"""Lists whose rows lead somewhere, as tables that a narrow screen shows as blocks."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from observatory.briefs.common.model import CallChangeRow, LinkTable, LinkTableEntry, TextTable
from observatory.pages.components.html import FIGURE_PATTERN, render_details
from observatory.pages.components.templates import render
from observatory.selection import DEFAULT_SELECTION, build_url

LINK_DEFAULTS = replace(DEFAULT_SELECTION, lang="")  # a link says its language, and nothing that is a default


def render_listing(content: LinkTable, path: str) -> Markup:
    """A list as a table whose rows lead to a path (nowhere without one); what is not in sight is one click away."""
    entries = content.entries
    first = _render_linked_table(content.title, content.headers, entries[: content.visible_count], path)
    if len(entries) <= content.visible_count:
        return first
    return first + render_details(
        content.rest_label,
        _render_linked_table(content.rest_label, content.headers, entries[content.visible_count :], path),
    )


def _render_linked_table(caption: str, heads: Sequence[str], entries: Sequence[LinkTableEntry], path: str) -> Markup:
    columns = range(len(heads) - 1)
    figures = [False, *(all(FIGURE_PATTERN.fullmatch(row.cells[index]) for row in entries) for index in columns)]
    rows = [(row, build_url(path, row.target, LINK_DEFAULTS) if path else "") for row in entries]
    return render("link_table", caption=caption, heads=heads, figures=figures, rows=rows)


def render_call_changes(rows: Sequence[CallChangeRow], heads: Sequence[str], caption: str, path: str) -> Markup:
    """Calls before and after as a table, each with its mark, its word and its odds."""
    linked = [(row, build_url(path, row.target, LINK_DEFAULTS)) for row in rows]
    return render("call_changes", rows=linked, heads=heads, caption=caption)


def render_text_table(content: TextTable) -> Markup:
    """A table of words, in blocks on a narrow screen; every cell may hold what somebody uploaded."""
    return render("text_table", content=content)

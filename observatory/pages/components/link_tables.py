"""HTML tables whose rows are links; a narrow screen shows rows as blocks."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from observatory.briefs.common.model import LinkTable, LinkTableEntry, TextTable
from observatory.briefs.whats_new.model import CallChangeRow
from observatory.pages.components.html import FIGURE_PATTERN, render_details
from observatory.pages.components.templates import render
from observatory.selection import DEFAULT_SELECTION, build_url

LINK_DEFAULTS = replace(DEFAULT_SELECTION, lang="")  # a link names its language, and leaves out all other defaults


def render_listing(content: LinkTable, path: str) -> Markup:
    """A table whose rows link to `path` (plain rows if it is empty); rows beyond `visible_count` are folded."""
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
    """A table of changed calls: before and after, each with its chip, label and odds."""
    linked = [(row, build_url(path, row.target, LINK_DEFAULTS)) for row in rows]
    return render("call_changes", rows=linked, heads=heads, caption=caption)


def render_text_table(content: TextTable) -> Markup:
    """A table of text, in blocks on a narrow screen; cells are escaped, as they may hold uploaded text."""
    return render("text_table", content=content)

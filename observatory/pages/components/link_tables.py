"""Lists whose rows lead somewhere, as tables that a narrow screen shows as blocks: every text is escaped here."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from observatory.briefs.common.model import CallChangeRow, LinkTable, LinkTableEntry, TextTable
from observatory.pages.components.html import FIGURE_PATTERN, cell_class, render_chip, render_details
from observatory.selection import DEFAULT_SELECTION, build_url

LINK_DEFAULTS = replace(DEFAULT_SELECTION, lang="")  # a link says its language, and nothing that is a default


def render_listing(content: LinkTable, path: str) -> str:
    """A Listing as a table whose rows lead to a path; what is not in sight is one click away."""
    entries = content.entries
    first = _render_linked_table(content.title, content.headers, entries[: content.visible_count], path)
    if len(entries) <= content.visible_count:
        return first
    return first + render_details(
        content.rest_label,
        _render_linked_table(content.rest_label, content.headers, entries[content.visible_count :], path),
    )


def _render_linked_table(caption: str, heads: Sequence[str], entries: Sequence[LinkTableEntry], path: str) -> str:
    """A table whose rows lead somewhere (nowhere without a path); a narrow screen shows blocks with the heads."""
    figures = [all(FIGURE_PATTERN.fullmatch(row.cells[place]) for row in entries) for place in range(len(heads) - 1)]
    lines = []
    for row in entries:
        title = escape(row.title)
        if path:
            link = escape(build_url(path, row.target, LINK_DEFAULTS), quote=True)
            title = f'<a href="{link}" target="_self">{title}</a>'
        below = f"<small>{escape(row.subtitle)}</small>" if row.subtitle else ""
        cells = "".join(
            f'<td data-head="{escape(head, quote=True)}"{cell_class(there, words=cell)}>{escape(cell)}</td>'
            for head, there, cell in zip(heads[1:], figures, row.cells, strict=True)
        )
        lines.append(f'<tr><th scope="row">{title}{below}</th>{cells}</tr>')
    return render_stacked_table(caption, heads, [False, *figures], lines)


def render_call_changes(rows: Sequence[CallChangeRow], heads: Sequence[str], caption: str, path: str) -> str:
    """Calls before and after as a table, each with its mark, its word and its odds."""
    lines = []
    for row in rows:
        link = escape(build_url(path, row.target, LINK_DEFAULTS), quote=True)
        cells = "".join(
            f'<td data-head="{escape(head, quote=True)}">{_render_call(said)}</td>'
            for head, said in zip(heads[1:], (row.old, row.new), strict=True)
        )
        title = f'<a href="{link}" target="_self">{escape(row.title)}</a><small>{escape(row.horizon)}</small>'
        lines.append(f'<tr><th scope="row">{title}</th>{cells}</tr>')
    return render_stacked_table(caption, heads, [False] * len(heads), lines, " o-turned")


def _render_call(said: tuple[str, str, str]) -> str:
    call, label, odds = said
    mark = render_chip(call, label) if call else f'<span class="o-call">{escape(label)}</span>'
    return f"{mark}<small>{escape(odds)}</small>" if odds else mark


def render_stacked_table(
    caption: str, heads: Sequence[str], figures: Sequence[bool], lines: Sequence[str], css_class: str = ""
) -> str:
    """A table of rows that are HTML already, which a narrow screen shows as blocks."""
    head = "".join(
        f'<th scope="col"{cell_class(there)}>{escape(text)}</th>' for text, there in zip(heads, figures, strict=True)
    )
    return (
        f'<table class="o-table o-stack{css_class}"><caption class="o-hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )


def render_text_table(content: TextTable) -> str:
    """A table of words, in blocks on a narrow screen; every cell may hold what somebody uploaded."""
    lines = []
    for row in content.rows:
        cells = "".join(
            f'<td data-head="{escape(head, quote=True)}">{escape(cell)}</td>'
            for head, cell in zip(content.headers[1:], row[1:], strict=True)
        )
        lines.append(f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>')
    return render_stacked_table(content.caption, content.headers, [False] * len(content.headers), lines)

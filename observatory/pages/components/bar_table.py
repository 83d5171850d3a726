"""HTML of tables with bars, of their methodology, of mix bars and neighbouring markets."""

from collections.abc import Sequence

from markupsafe import Markup

from observatory.briefs.common.model import Terms
from observatory.briefs.portfolio.model import BarTable, NeighbourTable
from observatory.language import Localizer
from observatory.pages.components import html
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.templates import render
from observatory.selection import build_url

_MAX_TICKS = 4
_MIN_LABELLED_SHARE = 0.12  # of the bar, for a share to be written in it
_MIX_TINTS = (100, 84, 72, 62)  # per cent of ink, from the largest share on


def render_bar_figure(content: BarTable, localizer: Localizer) -> Markup:
    """A figure whose chart is a table with bars; notes and methodology below."""
    return render(
        "bar_figure",
        content=content,
        table=render_bar_table(content, localizer),
        methodology=render_methodology_block(content.methodology, localizer),
    )


def render_bar_table(content: BarTable, localizer: Localizer) -> Markup:
    """The table with bars alone."""
    low, high = content.scale
    step = next((size for size in (1, 2, 5, 10, 20, 50) if (high - low) / size <= _MAX_TICKS), 100)
    return render("bar_table", content=content, ticks=html.scale_ticks(content.scale, step), localizer=localizer)


def render_methodology_block(terms: Terms, localizer: Localizer) -> Markup:
    """The methodology, folded: inputs, edition, formula; empty without terms."""
    return html.render_folds(html.render_methodology(terms, localizer)) if terms else Markup()


def render_mix_bar(parts: Sequence[tuple[str, float]], label: str, localizer: Localizer) -> Markup:
    """The mix as one bar in tints of ink, the largest share first; shares are parts of one."""
    pieces = []
    for rank, (name, share) in enumerate(sorted(parts, key=lambda part: -part[1])):
        percent = localizer.percent_text(share)
        tint = _MIX_TINTS[min(rank, len(_MIX_TINTS) - 1)]
        pieces.append((f"{share:.4f}", tint, f"{name} {percent}", percent if share >= _MIN_LABELLED_SHARE else ""))
    return render("mix_bar", parts=pieces, label=label)


def render_neighbours(content: NeighbourTable, localizer: Localizer) -> Markup:
    """The neighbouring markets with three components and a sentence each; know-how matrix and reasons are folded."""
    matrix = html.render_details(
        localizer.text("neighbours.matrix.show"),
        html.render_table(content.knowhow_matrix) + html.render_terms(content.knowhow_reasons),
    )
    return render(
        "neighbours",
        content=content,
        rows=[(row, build_url("/segment", row.target, LINK_DEFAULTS)) for row in content.rows],
        folds=(matrix, html.render_methodology(content.methodology, localizer)),
    )

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
_MIN_LABELLED_SHARE = 0.08  # of the bar, for a share to be written in it; with its sign from twice as much on
_MIX_TINTS = (100, 84, 72, 62)  # per cent of ink, from the largest share on


def render_bar_table(content: BarTable, localizer: Localizer) -> Markup:
    """The table with bars alone."""
    return render("bar_table", content=content, ticks=choose_ticks(content.scale), localizer=localizer)


def choose_ticks(scale: tuple[int, int]) -> range:
    """The marks of a scale in per cent, few enough to be written beside each other."""
    low, high = scale
    step = next((size for size in (1, 2, 5, 10, 20, 50) if (high - low) / size <= _MAX_TICKS), 100)
    return html.scale_ticks(scale, step)


def render_methodology_block(terms: Terms, localizer: Localizer) -> Markup:
    """The methodology, folded: inputs, edition, formula; empty without terms."""
    return html.render_folds(html.render_methodology(terms, localizer)) if terms else Markup()


def render_mix_bar(parts: Sequence[tuple[str, float]], label: str, localizer: Localizer) -> Markup:
    """The mix as one bar in tints of ink, the largest share first; shares are parts of one."""
    pieces = []
    for rank, (name, share) in enumerate(sorted(parts, key=lambda part: -part[1])):
        percent = localizer.percent_text(share)
        tint = _MIX_TINTS[min(rank, len(_MIX_TINTS) - 1)]
        pieces.append((f"{share:.4f}", tint, f"{name} {percent}", _share_label(share, localizer)))
    return render("mix_bar", parts=pieces, label=label)


def _share_label(share: float, localizer: Localizer) -> str:
    if share < _MIN_LABELLED_SHARE:
        return ""
    return localizer.percent_text(share) if share >= 2 * _MIN_LABELLED_SHARE else localizer.percent_digits(share)


def render_neighbours(content: NeighbourTable) -> Markup:
    """The neighbouring markets with three components and a sentence each; know-how matrix and reasons below."""
    return render(
        "neighbours",
        content=content,
        rows=[(row, build_url("/segment", row.target, LINK_DEFAULTS)) for row in content.rows],
        matrix=html.render_table(content.knowhow_matrix) + html.render_terms(content.knowhow_reasons),
    )

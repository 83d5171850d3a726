"""Tables with bars, and how their figures are computed, as HTML: every text is escaped here."""

from collections.abc import Sequence
from html import escape

from observatory.briefs.common.model import Terms
from observatory.briefs.portfolio.model import BarTable, BarTableRow, NeighbourTable
from observatory.language import Localizer
from observatory.pages.components import html, link_tables
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.selection import build_url

_MAX_TICKS = 4
_MIN_LABELLED_SHARE = 0.12  # of the bar, for a share to be written in it
_MIX_TINTS = (100, 84, 72, 62)  # per cent of ink, from the largest share on


def render_bar_figure(content: BarTable, localizer: Localizer) -> str:
    """A figure whose chart is its table: every bar stands beside its figures; closed by notes and the computation."""
    notes = "".join(f'<p class="o-honest">{escape(note)}</p>' for note in content.notes)
    heading = html.render_heading(content.title, content.subtitle)
    methodology = render_methodology_block(content.methodology, localizer)
    return f"{heading}{render_bar_table(content, localizer)}{notes}{methodology}"


def render_bar_table(content: BarTable, localizer: Localizer) -> str:
    """The table of such a figure alone."""
    rows = "".join(_render_row(line, content) for line in content.rows)
    first, *rest = content.heads
    heads = [
        f'<th scope="col">{escape(first)}</th><th scope="col" class="o-barred">{_render_scale(content, localizer)}</th>'
    ]
    heads += [f'<th scope="col" class="o-right">{escape(head)}</th>' for head in rest]
    return (
        f'<table class="o-table o-bars"><caption class="o-hidden">{escape(content.title)}</caption>'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _render_row(line: BarTableRow, content: BarTable) -> str:
    below = f"<small>{escape(line.note)}</small>" if line.note else ""
    mark = ""
    if line.interval is not None:
        mark = html.render_interval_bar(line.interval, content.scale, line.cells[1])
    elif line.value is not None:
        mark = _render_value_bar(line.value, line.colour_token, content.scale)
    cells = "".join(
        f'<td data-head="{escape(head, quote=True)}"{html.cell_class(True, words=cell)}>{escape(cell)}</td>'
        for head, cell in zip(content.heads[1:], line.cells, strict=True)
    )
    name = f'<th scope="row">{escape(line.label)}{below}</th>'
    return f'<tr>{name}<td class="o-barred" aria-hidden="true">{mark}</td>{cells}</tr>'


def _render_value_bar(value: float, tone: str, scale: tuple[int, int]) -> str:
    zero, end = (_to_percent(at, scale) for at in (0.0, value))
    left, width = min(zero, end), abs(end - zero)
    return (
        f'<div class="o-bar"><i class="o-zero" style="left:{zero:.1f}%"></i>'
        f'<i class="o-part" style="left:{left:.1f}%;width:{width:.1f}%;background:var(--{escape(tone)})"></i></div>'
    )


def _render_scale(content: BarTable, localizer: Localizer) -> str:
    low, high = content.scale
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100) if (high - low) / size <= _MAX_TICKS)
    ticks = range(-(-low // step) * step, high + 1, step)
    marks = "".join(
        f'<span style="left:{_to_percent(tick, content.scale):.1f}%">'
        f"{'+' if tick > 0 else ''}{localizer.number(tick)}</span>"
        for tick in ticks
    )
    return f'<span class="o-scale" aria-hidden="true">{marks}</span>'


def _to_percent(value: float, scale: tuple[int, int]) -> float:
    return (value - scale[0]) / (scale[1] - scale[0]) * 100


def render_methodology_block(terms: Terms, localizer: Localizer) -> str:
    """How it is computed, one click away: inputs, edition, formula."""
    return f'<div class="o-mores">{html.render_methodology(terms, localizer)}</div>' if terms else ""


def render_mix_bar(parts: Sequence[tuple[str, float]], label: str, percent_sign: str) -> str:
    """The mix as one bar in tints of ink, the largest share first; shares are parts of one."""
    pieces_of = []
    for place, (name, share) in enumerate(sorted(parts, key=lambda part: -part[1])):
        tint = _MIX_TINTS[min(place, len(_MIX_TINTS) - 1)]
        said = f"{share * 100:.0f}{percent_sign}"
        words = said if share >= _MIN_LABELLED_SHARE else ""
        pieces_of.append(
            f'<i style="flex:{share:.4f};background:color-mix(in srgb,var(--ink) {tint}%,var(--paper))"'
            f' title="{escape(f"{name} {said}", quote=True)}">{words}</i>'
        )
    return f'<div class="o-mix" role="img" aria-label="{escape(label, quote=True)}">{"".join(pieces_of)}</div>'


def render_neighbours(content: NeighbourTable, localizer: Localizer) -> str:
    """The neighbouring markets with their three parts and the sentence of each rank; the judgement one click away."""
    lines = []
    heads = content.heads[1:]
    for row in content.rows:
        link = escape(build_url("/segment", row.target, LINK_DEFAULTS), quote=True)
        odds = f"<small>{escape(row.odds_text)}</small>" if row.odds_text else ""
        cells = (f"{html.render_chip(row.call, row.call_label)}{odds}", escape(row.closeness), escape(row.track_record))
        tds = "".join(
            f'<td data-head="{escape(head, quote=True)}">{cell}</td>' for head, cell in zip(heads, cells, strict=True)
        )
        title = f'<a href="{link}" target="_self">{escape(row.title)}</a><small>{escape(row.explanation)}</small>'
        lines.append(f'<tr><th scope="row">{title}</th>{tds}</tr>')
    table = (
        link_tables.render_stacked_table(content.title, content.heads, [False] * len(content.heads), lines, " o-near")
        if lines
        else ""
    )
    rest = f'<p class="o-source">{escape(content.far_markets)}</p>' if content.far_markets else ""
    matrix = html.render_details(
        localizer.text("neighbours.matrix.show"),
        html.render_table(content.knowhow_matrix) + html.render_terms(content.knowhow_reasons),
    )
    how_so = html.render_methodology(content.methodology, localizer)
    return (
        f"{html.render_heading(content.title, content.subtitle)}{table}{rest}"
        f'<p class="o-honest">{escape(content.assessment_note)}</p><div class="o-mores">{matrix}{how_so}</div>'
    )

"""Tables with bars, and how their figures are computed, as HTML: every text is escaped here."""

from collections.abc import Sequence
from html import escape

from observatory.briefs.common.model import Terms
from observatory.briefs.portfolio.model import Barred, Line, Neighbours
from observatory.language import Speaker
from observatory.pages.components import html, link_tables
from observatory.pages.components.link_tables import SHORT
from observatory.selection import address

MOST_TICKS = 4
WIDE = 0.12  # of the bar, for a share to be written in it
TINTS = (100, 84, 72, 62)  # per cent of ink, from the largest share on


def barred(content: Barred, speaker: Speaker) -> str:
    """A figure whose chart is its table: every bar stands beside its figures; closed by notes and the computation."""
    notes = "".join(f'<p class="o-honest">{escape(note)}</p>' for note in content.notes)
    return f"{html.heading(content.title, content.subtitle)}{table(content, speaker)}{notes}{how(content.how, speaker)}"


def table(content: Barred, speaker: Speaker) -> str:
    """The table of such a figure alone."""
    rows = "".join(_row(line, content) for line in content.lines)
    first, *rest = content.heads
    heads = [f'<th scope="col">{escape(first)}</th><th scope="col" class="o-barred">{_scale(content, speaker)}</th>']
    heads += [f'<th scope="col" class="o-right">{escape(head)}</th>' for head in rest]
    return (
        f'<table class="o-table o-bars"><caption class="o-hidden">{escape(content.title)}</caption>'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(line: Line, content: Barred) -> str:
    below = f"<small>{escape(line.below)}</small>" if line.below else ""
    mark = ""
    if line.range is not None:
        mark = html.bar(line.range, content.scale, line.cells[1])
    elif line.value is not None:
        mark = _value(line.value, line.tone, content.scale)
    cells = "".join(
        f'<td data-head="{escape(head, quote=True)}"{html.right(True, words=cell)}>{escape(cell)}</td>'
        for head, cell in zip(content.heads[1:], line.cells, strict=True)
    )
    name = f'<th scope="row">{escape(line.label)}{below}</th>'
    return f'<tr>{name}<td class="o-barred" aria-hidden="true">{mark}</td>{cells}</tr>'


def _value(value: float, tone: str, scale: tuple[int, int]) -> str:
    zero, end = (_place(at, scale) for at in (0.0, value))
    left, width = min(zero, end), abs(end - zero)
    return (
        f'<div class="o-bar"><i class="o-zero" style="left:{zero:.1f}%"></i>'
        f'<i class="o-part" style="left:{left:.1f}%;width:{width:.1f}%;background:var(--{escape(tone)})"></i></div>'
    )


def _scale(content: Barred, speaker: Speaker) -> str:
    low, high = content.scale
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100) if (high - low) / size <= MOST_TICKS)
    ticks = range(-(-low // step) * step, high + 1, step)
    marks = "".join(
        f'<span style="left:{_place(tick, content.scale):.1f}%">{"+" if tick > 0 else ""}{speaker.number(tick)}</span>'
        for tick in ticks
    )
    return f'<span class="o-scale" aria-hidden="true">{marks}</span>'


def _place(value: float, scale: tuple[int, int]) -> float:
    return (value - scale[0]) / (scale[1] - scale[0]) * 100


def how(terms: Terms, speaker: Speaker) -> str:
    """How it is computed, one click away: inputs, edition, formula."""
    return f'<div class="o-mores">{html.how(terms, speaker)}</div>' if terms else ""


def mixed(parts: Sequence[tuple[str, float]], label: str, sign: str) -> str:
    """The mix as one bar in tints of ink, the largest share first; shares are parts of one."""
    pieces_of = []
    for place, (name, share) in enumerate(sorted(parts, key=lambda part: -part[1])):
        tint = TINTS[min(place, len(TINTS) - 1)]
        said = f"{share * 100:.0f}{sign}"
        words = said if share >= WIDE else ""
        pieces_of.append(
            f'<i style="flex:{share:.4f};background:color-mix(in srgb,var(--ink) {tint}%,var(--paper))"'
            f' title="{escape(f"{name} {said}", quote=True)}">{words}</i>'
        )
    return f'<div class="o-mix" role="img" aria-label="{escape(label, quote=True)}">{"".join(pieces_of)}</div>'


def neighbours(content: Neighbours, speaker: Speaker) -> str:
    """The neighbouring markets with their three parts and the sentence of each rank; the judgement one click away."""
    lines = []
    heads = content.heads[1:]
    for row in content.rows:
        link = escape(address("/segment", row.target, SHORT), quote=True)
        odds = f"<small>{escape(row.odds)}</small>" if row.odds else ""
        cells = (f"{html.chip(row.call, row.label)}{odds}", escape(row.near), escape(row.record))
        tds = "".join(
            f'<td data-head="{escape(head, quote=True)}">{cell}</td>' for head, cell in zip(heads, cells, strict=True)
        )
        title = f'<a href="{link}" target="_self">{escape(row.title)}</a><small>{escape(row.sentence)}</small>'
        lines.append(f'<tr><th scope="row">{title}</th>{tds}</tr>')
    table = (
        link_tables.stacked(content.title, content.heads, [False] * len(content.heads), lines, " o-near")
        if lines
        else ""
    )
    rest = f'<p class="o-source">{escape(content.rest)}</p>' if content.rest else ""
    matrix = html.more(speaker.say("neighbours.matrix.show"), html.table(content.matrix) + html.terms(content.reasons))
    how_so = html.how(content.how, speaker)
    return (
        f"{html.heading(content.title, content.subtitle)}{table}{rest}"
        f'<p class="o-honest">{escape(content.judgement)}</p><div class="o-mores">{matrix}{how_so}</div>'
    )

"""Small pieces of HTML: every text is escaped here, and nothing that a reader typed ever comes in."""

import math
import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from observatory.briefs.common.model import (
    Figure,
    IntervalBar,
    OverviewBrief,
    Provenance,
    RankingRow,
    Sparkline,
    TextTable,
)
from observatory.language import Localizer

_CALL_GLYPHS = {"growing": "\u25b2", "flat": "\u25ac", "shrinking": "\u25bc", "unclear": "\u25c7"}
_Point = tuple[float, float]
_NUMBER = r"[+\u2212\u2013]?[\d\s.,]*%?"
FIGURE_PATTERN = re.compile(rf"{_NUMBER}(?:\s(?:à|to|sur|of)\s{_NUMBER})?")  # a figure, a range, one out of some


def render_lead(kicker: str, sentence: str, paragraphs: Sequence[str] = ()) -> str:
    """The opening of a page: where and when, the answer, two lines of text."""
    text = "".join(f'<p class="o-under">{escape(part)}</p>' for part in paragraphs)
    return f'<p class="o-kicker">{escape(kicker)}</p><h1 class="o-lead">{escape(sentence)}</h1>{text}'


def render_heading(title: str, subtitle: str) -> str:
    """The title of a figure and the line that says its unit."""
    return f'<h2 class="o-title">{escape(title)}</h2><p class="o-unit">{escape(subtitle)}</p>'


def render_chip(call: str, label: str) -> str:
    """The mark of a call and its word; colour, shape, fill and word each say it alone."""
    mark = f'<span class="o-chip o-{escape(call)}" aria-hidden="true">{_CALL_GLYPHS[call]}</span>'
    return f'<span class="o-call">{mark}<b>{escape(label)}</b></span>'


def render_ranking_row(row: RankingRow, scale: tuple[int, int], localizer: Localizer) -> str:
    """One market of the ranking, all but its name (which is a link beside it)."""
    percent = f"{escape(row.probability_percent)}{localizer.percent_sign}" if row.probability_percent else ""
    if not row.probability_percent:
        odds = f'<div class="o-why">{escape(row.warning)}</div>'
        return f'<div class="o-row o-thin">{render_chip(row.call, row.call_label)}{odds}</div>'
    warning = f'<div class="o-why">{escape(row.warning)}</div>' if row.warning else ""
    head = localizer.text("ranking.past")
    return (
        f'<div class="o-row">{render_chip(row.call, row.call_label)}'
        f'<div class="o-odds"><span>{escape(row.probability_word[:1].upper() + row.probability_word[1:])}</span> '
        f"<small>{percent}</small></div>"
        f'<div class="o-grow">{escape(row.growth)}</div>'
        f"{render_interval_bar(row.bar, scale, row.growth_range) if row.bar else ''}"
        f'<div class="o-past"><span class="o-narrow">{escape(head)} </span>{escape(row.past_growth)}'
        f"<small>{escape(row.past_years)}</small></div>"
        f"{render_sparkline(row.sparkline) if row.sparkline else '<div></div>'}"
        f'<div class="o-fresh">{escape(row.freshness)}</div>{warning}</div>'
    )


def render_ranking_header(brief: OverviewBrief, localizer: Localizer) -> str:
    """The heads of the ranking; the scale of the bars stands there once."""
    marks = render_scale_marks(brief.scale, localizer)
    call, odds, growth, past, spark, fresh = (
        escape(localizer.text(f"ranking.head.{name}"))
        for name in ("call", "probability", "growth", "past", "spark", "freshness")
    )
    return (
        f'<div class="o-heads" aria-hidden="true"><div>{call}</div><div>{odds}</div><div class="o-right">{growth}</div>'
        f'<div class="o-scale">{marks}</div><div class="o-right">{past}</div><div>{spark}</div><div>{fresh}</div></div>'
    )


def render_scale_marks(scale: tuple[int, int], localizer: Localizer) -> str:
    """The tens of a scale of bars, in per cent."""
    low, high = scale
    return "".join(
        f'<span style="left:{_to_percent(tick, scale):.1f}%">{"+" if tick > 0 else ""}{localizer.number(tick)}</span>'
        for tick in range(-(-low // 10) * 10, high + 1, 10)
    )


def render_interval_bar(interval: IntervalBar, scale: tuple[int, int], text: str) -> str:
    """An interval on the common scale; its number stands beside it, its limits in its title."""
    low, middle, high = (_to_percent(value, scale) for value in (interval.low, interval.median, interval.high))
    zero = _to_percent(0, scale)
    return (
        f'<div class="o-bar" role="img" aria-label="{escape(text, quote=True)}" title="{escape(text, quote=True)}">'
        f'<i class="o-zero" style="left:{zero:.1f}%"></i>'
        f'<i class="o-span" style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
        f'<i class="o-end" style="left:{low:.1f}%"></i><i class="o-end" style="left:{high:.1f}%"></i>'
        f'<i class="o-mid" style="left:{middle:.1f}%"></i></div>'
    )


def render_dot_plot(brief: OverviewBrief, localizer: Localizer) -> str:
    """The scatter for narrow screens: hollow ring past, magenta bar expected, one line a market."""
    low, high = brief.scale
    past = [row.past_rate * 100 for row in brief.rows if row.past_rate is not None and row.bar]
    scale = (int(min([low, *past]) // 5 * 5), int(-(-max([high, *past]) // 5) * 5))
    lines = []
    for row in brief.rows:
        if row.bar is None:
            continue
        ring = ""
        if row.past_rate is not None:
            ring = f'<i class="o-ring" style="left:{_to_percent(row.past_rate * 100, scale):.1f}%"></i>'
        inner = render_interval_bar(row.bar, scale, row.growth_range).replace("</div>", ring + "</div>")
        lines.append(f'<div class="o-dots"><span>{escape(row.title)}</span>{inner}</div>')
    return f'<div class="o-scale">{render_scale_marks(scale, localizer)}</div>{"".join(lines)}'


def render_sparkline(spark: Sparkline) -> str:
    """Twelve past years in ink, the expected ones as a wedge and a line in magenta."""
    values = [*spark.past, *(value for row in spark.expected for value in row)]
    low, high = min(values), max(values)
    count = len(spark.past) + len(spark.expected)

    def at(place: int, value: float) -> _Point:
        return place / max(count - 1, 1) * 98 + 1, 94 - (value - low) / ((high - low) or 1) * 88

    past = [at(place, value) for place, value in enumerate(spark.past)]
    parts = [f'<i class="o-ink" style="{_build_stroke(past)}"></i>']
    if spark.expected:
        start, join = len(spark.past), past[-1]
        sides = [[at(start + k, row[side]) for k, row in enumerate(spark.expected)] for side in range(3)]
        wedge = [join, *sides[2], *reversed(sides[1])]
        parts.append(f'<i class="o-wedge" style="{_clip_path(wedge)}"></i>')
        parts.append(f'<i class="o-line" style="{_build_stroke([join, *sides[0]])}"></i>')
    return f'<div class="o-spark" role="img" aria-label="{escape(spark.label, quote=True)}">{"".join(parts)}</div>'


def _build_stroke(points: Sequence[_Point], thick: float = 1.9, wide: float = 115, tall: float = 32) -> str:
    """A line as a polygon: st.html drops SVG."""
    at = [(x * wide / 100, y * tall / 100) for x, y in points]
    up: list[_Point] = []
    down: list[_Point] = []
    for place, (x, y) in enumerate(at):
        (a, b), (c, d) = at[max(place - 1, 0)], at[min(place + 1, len(at) - 1)]
        length = math.hypot(c - a, d - b) or 1
        dx, dy = -(d - b) / length * thick / 2, (c - a) / length * thick / 2
        up.append((x + dx, y + dy))
        down.append((x - dx, y - dy))
    return _clip_path([(x / wide * 100, y / tall * 100) for x, y in [*up, *reversed(down)]])


def _clip_path(points: Sequence[_Point]) -> str:
    return "clip-path:polygon(" + ",".join(f"{x:.1f}% {y:.1f}%" for x, y in points) + ")"


def _to_percent(value: float, scale: tuple[int, int]) -> float:
    return (value - scale[0]) / (scale[1] - scale[0]) * 100


def render_terms(lines: Sequence[tuple[str, str]]) -> str:
    """Terms, each with what it means below it."""
    text = "".join(f"<dt>{escape(term)}</dt><dd>{escape(meaning)}</dd>" for term, meaning in lines)
    return f'<dl class="o-reading">{text}</dl>'


def render_table(content: TextTable) -> str:
    """A table with headed columns and rows, figures to the right; it scrolls in its own box on a narrow screen."""
    rights = [
        place > 0 and all(FIGURE_PATTERN.fullmatch(row[place]) for row in content.rows)
        for place in range(len(content.headers))
    ]
    heads_row = "".join(
        f'<th scope="col"{cell_class(rights[place])}>{escape(head)}</th>' for place, head in enumerate(content.headers)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>'
            if not place
            else f"<td{cell_class(rights[place], words=cell)}>{escape(cell)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in content.rows
    )
    name = escape(content.caption, quote=True)
    return (
        f'<div class="o-scroll" tabindex="0" role="region" aria-label="{name}"><table class="o-table">'
        f'<caption class="o-hidden">{name}</caption><thead><tr>{heads_row}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def cell_class(is_figure: bool, words: str = "") -> str:
    """The class of a cell of figures; one with a word between its figures keeps the spaces around it."""
    spaced = " o-spaced" if any(char.isalpha() for char in words) else ""
    return f' class="o-right{spaced}"' if is_figure else ""


def render_details(summary: str, content: str) -> str:
    """Something one click away."""
    return f'<details class="o-more"><summary>{escape(summary)}</summary>{content}</details>'


def render_methodology(lines: Sequence[tuple[str, str]], localizer: Localizer, method_url: str = "") -> str:
    """How a figure is computed, one click away: inputs, edition, formulas; the whole method behind them."""
    link = render_method_link(method_url, localizer, "how.method") if method_url else ""
    return render_details(localizer.text("how"), render_terms(lines) + link)


def render_figure_footer(figure: Figure, download_link: str, localizer: Localizer, method_url: str = "") -> str:
    """What closes a figure: takeaway, honest sentences, notes, source; table, licence, file, method one click away."""
    honest = " ".join(figure.disclosures)
    notes = "".join(f'<p class="o-source">{escape(note)}</p>' for note in figure.notes)
    body = f'<p class="o-take">{escape(figure.takeaway)}</p>'
    if honest:
        body += f'<p class="o-honest">{escape(honest)}</p>'
    body += f'{notes}<p class="o-source">{escape(figure.source_line)}</p>'
    body += '<div class="o-mores">' + render_details(localizer.text("table.show"), render_table(figure.table))
    if figure.provenance.publisher:
        body += render_details(localizer.text("source.show"), _render_credit(figure.provenance, localizer))
    if download_link:
        link, words = escape(download_link, quote=True), escape(localizer.text("download.csv"))
        body += f'<a class="o-file" href="{link}" target="_self" download>{words}</a>'
    if figure.methodology:
        body += render_methodology(figure.methodology, localizer, method_url)
    elif method_url:
        body += render_method_link(method_url, localizer)
    return body + "</div>"


def render_method_link(method_url: str, localizer: Localizer, key: str = "method.link") -> str:
    """The link to the method, where a reader would ask."""
    words = escape(localizer.text(key))
    return f'<a class="o-asked" href="{escape(method_url, quote=True)}" target="_self">{words}</a>'


def _render_credit(row: Provenance, localizer: Localizer) -> str:
    """Publisher, page, licence and computation as a list of terms."""
    page = ""
    if row.url.startswith("https://"):
        page = (
            f'<a href="{escape(row.url, quote=True)}" target="_blank" rel="noopener noreferrer">{escape(row.url)}</a>'
        )
    lines = (
        ("description", escape(row.description)),
        ("publisher", escape(row.publisher)),
        ("page", page),
        ("licence", f"{escape(row.licence)} ({escape(row.licence_certainty)})"),
        ("attribution", escape(row.attribution)),
        ("taken", escape(row.accessed)),
        ("confidence", escape(row.confidence)),
        ("transformation", f'<span lang="en">{escape(row.transformation)}</span>'),
    )
    terms = "".join(
        f"<dt>{escape(localizer.text(f'source.{name}'))}</dt><dd>{text}</dd>" for name, text in lines if text
    )
    return f'<dl class="o-terms">{terms}</dl>'


def download_url(figure: Figure, language: str, asof: str) -> str:
    """The address of a figure's file."""
    query = {"indicator": figure.indicator, "geo": figure.geo, "item": figure.item, "lang": language, "asof": asof}
    return "/download/series.csv?" + urlencode({name: value for name, value in query.items() if value})

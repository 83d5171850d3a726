"""Small pieces of HTML: every text is escaped here, and nothing that a reader typed ever comes in."""

import math
import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from observatory.briefs.common.model import Bar, Credit, Figure, Overview, Ranked, Spark, Table
from observatory.language import Speaker

GLYPHS = {"growing": "\u25b2", "flat": "\u25ac", "shrinking": "\u25bc", "unclear": "\u25c7"}
Point = tuple[float, float]
_ONE = r"[+\u2212\u2013]?[\d\s.,]*%?"
FIGURE = re.compile(rf"{_ONE}(?:\s(?:à|to|sur|of)\s{_ONE})?")  # a figure, a range, one out of some


def lead(kicker: str, sentence: str, under: Sequence[str] = ()) -> str:
    """The opening of a page: where and when, the answer, two lines of text."""
    text = "".join(f'<p class="o-under">{escape(part)}</p>' for part in under)
    return f'<p class="o-kicker">{escape(kicker)}</p><h1 class="o-lead">{escape(sentence)}</h1>{text}'


def heading(title: str, subtitle: str) -> str:
    """The title of a figure and the line that says its unit."""
    return f'<h2 class="o-title">{escape(title)}</h2><p class="o-unit">{escape(subtitle)}</p>'


def chip(call: str, label: str) -> str:
    """The mark of a call and its word; colour, shape, fill and word each say it alone."""
    mark = f'<span class="o-chip o-{escape(call)}" aria-hidden="true">{GLYPHS[call]}</span>'
    return f'<span class="o-call">{mark}<b>{escape(label)}</b></span>'


def ranked(row: Ranked, scale: tuple[int, int], speaker: Speaker) -> str:
    """One market of the ranking, all but its name (which is a link beside it)."""
    percent = f"{escape(row.percent)}{speaker.percent_sign}" if row.percent else ""
    if not row.percent:
        odds = f'<div class="o-why">{escape(row.warning)}</div>'
        return f'<div class="o-row o-thin">{chip(row.call, row.label)}{odds}</div>'
    warning = f'<div class="o-why">{escape(row.warning)}</div>' if row.warning else ""
    head = speaker.say("ranking.past")
    return (
        f'<div class="o-row">{chip(row.call, row.label)}'
        f'<div class="o-odds"><span>{escape(row.word[:1].upper() + row.word[1:])}</span> <small>{percent}</small></div>'
        f'<div class="o-grow">{escape(row.growth)}</div>'
        f"{bar(row.bar, scale, row.range) if row.bar else ''}"
        f'<div class="o-past"><span class="o-narrow">{escape(head)} </span>{escape(row.past)}'
        f"<small>{escape(row.past_years)}</small></div>"
        f"{sparkline(row.spark) if row.spark else '<div></div>'}"
        f'<div class="o-fresh">{escape(row.freshness)}</div>{warning}</div>'
    )


def heads(brief: Overview, speaker: Speaker) -> str:
    """The heads of the ranking; the scale of the bars stands there once."""
    marks = scale_marks(brief.scale, speaker)
    call, odds, growth, past, spark, fresh = (
        escape(speaker.say(f"ranking.head.{name}"))
        for name in ("call", "probability", "growth", "past", "spark", "freshness")
    )
    return (
        f'<div class="o-heads" aria-hidden="true"><div>{call}</div><div>{odds}</div><div class="o-right">{growth}</div>'
        f'<div class="o-scale">{marks}</div><div class="o-right">{past}</div><div>{spark}</div><div>{fresh}</div></div>'
    )


def scale_marks(scale: tuple[int, int], speaker: Speaker) -> str:
    """The tens of a scale of bars, in per cent."""
    low, high = scale
    return "".join(
        f'<span style="left:{_place(tick, scale):.1f}%">{"+" if tick > 0 else ""}{speaker.number(tick)}</span>'
        for tick in range(-(-low // 10) * 10, high + 1, 10)
    )


def bar(interval: Bar, scale: tuple[int, int], text: str) -> str:
    """An interval on the common scale; its number stands beside it, its limits in its title."""
    low, middle, high = (_place(value, scale) for value in (interval.low, interval.median, interval.high))
    zero = _place(0, scale)
    return (
        f'<div class="o-bar" role="img" aria-label="{escape(text, quote=True)}" title="{escape(text, quote=True)}">'
        f'<i class="o-zero" style="left:{zero:.1f}%"></i>'
        f'<i class="o-span" style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
        f'<i class="o-end" style="left:{low:.1f}%"></i><i class="o-end" style="left:{high:.1f}%"></i>'
        f'<i class="o-mid" style="left:{middle:.1f}%"></i></div>'
    )


def dots(brief: Overview, speaker: Speaker) -> str:
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
            ring = f'<i class="o-ring" style="left:{_place(row.past_rate * 100, scale):.1f}%"></i>'
        inner = bar(row.bar, scale, row.range).replace("</div>", ring + "</div>")
        lines.append(f'<div class="o-dots"><span>{escape(row.title)}</span>{inner}</div>')
    return f'<div class="o-scale">{scale_marks(scale, speaker)}</div>{"".join(lines)}'


def sparkline(spark: Spark) -> str:
    """Twelve past years in ink, the expected ones as a wedge and a line in magenta."""
    values = [*spark.past, *(value for row in spark.expected for value in row)]
    low, high = min(values), max(values)
    count = len(spark.past) + len(spark.expected)

    def at(place: int, value: float) -> Point:
        return place / max(count - 1, 1) * 98 + 1, 94 - (value - low) / ((high - low) or 1) * 88

    past = [at(place, value) for place, value in enumerate(spark.past)]
    parts = [f'<i class="o-ink" style="{_stroke(past)}"></i>']
    if spark.expected:
        start, join = len(spark.past), past[-1]
        sides = [[at(start + k, row[side]) for k, row in enumerate(spark.expected)] for side in range(3)]
        wedge = [join, *sides[2], *reversed(sides[1])]
        parts.append(f'<i class="o-wedge" style="{_polygon(wedge)}"></i>')
        parts.append(f'<i class="o-line" style="{_stroke([join, *sides[0]])}"></i>')
    return f'<div class="o-spark" role="img" aria-label="{escape(spark.label, quote=True)}">{"".join(parts)}</div>'


def _stroke(points: Sequence[Point], thick: float = 1.9, wide: float = 115, tall: float = 32) -> str:
    """A line as a polygon: st.html drops SVG."""
    at = [(x * wide / 100, y * tall / 100) for x, y in points]
    up: list[Point] = []
    down: list[Point] = []
    for place, (x, y) in enumerate(at):
        (a, b), (c, d) = at[max(place - 1, 0)], at[min(place + 1, len(at) - 1)]
        length = math.hypot(c - a, d - b) or 1
        dx, dy = -(d - b) / length * thick / 2, (c - a) / length * thick / 2
        up.append((x + dx, y + dy))
        down.append((x - dx, y - dy))
    return _polygon([(x / wide * 100, y / tall * 100) for x, y in [*up, *reversed(down)]])


def _polygon(points: Sequence[Point]) -> str:
    return "clip-path:polygon(" + ",".join(f"{x:.1f}% {y:.1f}%" for x, y in points) + ")"


def _place(value: float, scale: tuple[int, int]) -> float:
    return (value - scale[0]) / (scale[1] - scale[0]) * 100


def terms(lines: Sequence[tuple[str, str]]) -> str:
    """Terms, each with what it means below it."""
    text = "".join(f"<dt>{escape(term)}</dt><dd>{escape(meaning)}</dd>" for term, meaning in lines)
    return f'<dl class="o-reading">{text}</dl>'


def table(content: Table) -> str:
    """A table with headed columns and rows, figures to the right; it scrolls in its own box on a narrow screen."""
    rights = [
        place > 0 and all(FIGURE.fullmatch(row[place]) for row in content.rows) for place in range(len(content.heads))
    ]
    heads_row = "".join(
        f'<th scope="col"{right(rights[place])}>{escape(head)}</th>' for place, head in enumerate(content.heads)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>'
            if not place
            else f"<td{right(rights[place], words=cell)}>{escape(cell)}</td>"
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


def right(figures: bool, words: str = "") -> str:
    """The class of a cell of figures; one with a word between its figures keeps the spaces around it."""
    spaced = " o-spaced" if any(char.isalpha() for char in words) else ""
    return f' class="o-right{spaced}"' if figures else ""


def more(summary: str, content: str) -> str:
    """Something one click away."""
    return f'<details class="o-more"><summary>{escape(summary)}</summary>{content}</details>'


def how(lines: Sequence[tuple[str, str]], speaker: Speaker, method: str = "") -> str:
    """How a figure is computed, one click away: inputs, edition, formulas; the whole method behind them."""
    link = asked(method, speaker, "how.method") if method else ""
    return more(speaker.say("how"), terms(lines) + link)


def closing(figure: Figure, download: str, speaker: Speaker, method: str = "") -> str:
    """What closes a figure: takeaway, honest sentences, notes, source; table, licence, file, method one click away."""
    honest = " ".join(figure.honesty)
    notes = "".join(f'<p class="o-source">{escape(note)}</p>' for note in figure.notes)
    body = f'<p class="o-take">{escape(figure.takeaway)}</p>'
    if honest:
        body += f'<p class="o-honest">{escape(honest)}</p>'
    body += f'{notes}<p class="o-source">{escape(figure.source_line)}</p>'
    body += '<div class="o-mores">' + more(speaker.say("table.show"), table(figure.table))
    if figure.credit.publisher:
        body += more(speaker.say("source.show"), credit(figure.credit, speaker))
    if download:
        link, words = escape(download, quote=True), escape(speaker.say("download.csv"))
        body += f'<a class="o-file" href="{link}" target="_self" download>{words}</a>'
    if figure.how:
        body += how(figure.how, speaker, method)
    elif method:
        body += asked(method, speaker)
    return body + "</div>"


def asked(method: str, speaker: Speaker, key: str = "method.link") -> str:
    """The link to the method, where a reader would ask."""
    words = escape(speaker.say(key))
    return f'<a class="o-asked" href="{escape(method, quote=True)}" target="_self">{words}</a>'


def credit(row: Credit, speaker: Speaker) -> str:
    """Publisher, page, licence and computation as a list of terms."""
    page = ""
    if row.page.startswith("https://"):
        page = (
            f'<a href="{escape(row.page, quote=True)}" target="_blank" rel="noopener noreferrer">{escape(row.page)}</a>'
        )
    lines = (
        ("description", escape(row.description)),
        ("publisher", escape(row.publisher)),
        ("page", page),
        ("licence", f"{escape(row.licence)} ({escape(row.certainty)})"),
        ("attribution", escape(row.attribution)),
        ("taken", escape(row.taken)),
        ("confidence", escape(row.confidence)),
        ("transformation", f'<span lang="en">{escape(row.transformation)}</span>'),
    )
    terms = "".join(f"<dt>{escape(speaker.say(f'source.{name}'))}</dt><dd>{text}</dd>" for name, text in lines if text)
    return f'<dl class="o-terms">{terms}</dl>'


def download_of(figure: Figure, language: str, asof: str) -> str:
    """The address of a figure's file."""
    query = {"indicator": figure.indicator, "geo": figure.geo, "item": figure.item, "lang": language, "asof": asof}
    return "/download/series.csv?" + urlencode({name: value for name, value in query.items() if value})

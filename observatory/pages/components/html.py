"""HTML of the components that most pages share: leads, headings, rankings, bars, sparklines, tables, figure footers."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from markupsafe import Markup

from observatory.briefs.common.model import Figure, Sparkline, TextTable
from observatory.briefs.overview.model import OverviewBrief
from observatory.language import Localizer
from observatory.pages.components.pictograms import market_icon
from observatory.pages.components.templates import render

_Point = tuple[float, float]
_NUMBER = r"[+\u2212\u2013]?[\d\s.,]*%?"
FIGURE_PATTERN = re.compile(rf"{_NUMBER}(?:\s(?:à|to|sur|of)\s{_NUMBER})?")  # a figure, a range, one out of some
_SPARKLINE_WIDTH, _SPARKLINE_HEIGHT = 115, 32  # px
_STROKE_WIDTH = 1.9  # px
_MAX_SCALE_TICKS = 60
_MAX_AXIS_TICKS, _MAX_TICK_POWER = 5, 300


def render_lead(kicker: str, sentence: str, paragraphs: Sequence[str] = ()) -> Markup:
    """The lead of a page: kicker (place and date), the answer in one sentence, paragraphs."""
    return render("lead", kicker=kicker, sentence=sentence, under=paragraphs)


def render_heading(title: str, subtitle: str) -> Markup:
    """The title of a figure, and its subtitle with the unit."""
    return render("heading", title=title, subtitle=subtitle)


def render_paragraphs(css_class: str, *sentences: str) -> Markup:
    """Sentences, each as a paragraph of one class: o-under, o-unit, o-take, o-honest or o-source."""
    return render("paragraphs", sentences=sentences, css_class=css_class)


def render_ranking(brief: OverviewBrief, urls: Mapping[str, str], horizon: int, localizer: Localizer) -> Markup:
    """The markets in groups by their call; each row links to the address of its market in `urls`."""
    groups = [
        (
            group,
            [
                (
                    row,
                    urls[row.segment],
                    market_icon(row.segment),
                    render_sparkline(row.sparkline) if row.sparkline else "",
                )
                for row in group.rows
            ],
        )
        for group in brief.groups
    ]
    ranking = render(
        "ranking",
        brief=brief,
        groups=groups,
        ticks=choose_ticks(brief.scale),
        horizon=horizon,
        localizer=localizer,
    )
    return ranking + render("caution_legend", text=brief.caution_legend) if brief.caution_legend else ranking


def choose_ticks(scale: tuple[int, int]) -> range:
    """At most five ticks of a scale, multiples of 5, 10, 20 or 25, or of ten, a hundred ... times as much."""
    low, high = scale
    for step in (base * 10**power for power in range(_MAX_TICK_POWER) for base in (5, 10, 20, 25)):
        ticks = range(-(-low // step) * step, high + 1, step)
        if len(ticks) <= _MAX_AXIS_TICKS:
            return ticks
    return range(1)


def scale_ticks(scale: tuple[int, int], step: int = 10) -> range:
    """The multiples of a step within a scale; of a scale with too many, those of ten steps, or of a hundred."""
    low, high = scale
    while (high - low) / step > _MAX_SCALE_TICKS:
        step *= 10
    return range(-(-low // step) * step, high + 1, step)


def render_dot_plot(brief: OverviewBrief, localizer: Localizer) -> Markup:
    """Dot plot of past and expected growth: one line a market, past as a ring, expected as a bar."""
    low, high = brief.scale
    past = [row.past_rate * 100 for row in brief.rows if row.past_rate is not None and row.bar]
    scale = (int(min([low, *past]) // 5 * 5), int(-(-max([high, *past]) // 5) * 5))
    rows = [row for row in brief.rows if row.bar is not None]
    return render("dot_plot", rows=rows, ticks=scale_ticks(scale), scale=scale, localizer=localizer)


def render_sparkline(spark: Sparkline) -> Markup:
    """A sparkline: past years in ink, the expected ones as a magenta line in a wedge for the range."""
    values = [*spark.past, *(value for row in spark.expected for value in row)]
    low, high = min(values), max(values)
    count = len(spark.past) + len(spark.expected)

    def locate(index: int, value: float) -> _Point:
        return index / max(count - 1, 1) * 98 + 1, 94 - (value - low) / ((high - low) or 1) * 88

    past = [locate(index, value) for index, value in enumerate(spark.past)]
    wedge = line = ""
    if spark.expected:
        start, join = len(spark.past), past[-1]
        sides = [[locate(start + k, row[side]) for k, row in enumerate(spark.expected)] for side in range(3)]
        wedge = _format_polygon([join, *sides[2], *reversed(sides[1])])
        line = _format_stroke([join, *sides[0]])
    return render("sparkline", label=spark.label, past=_format_stroke(past), wedge=wedge, line=line)


def _format_stroke(points: Sequence[_Point]) -> str:
    """A polyline as a CSS polygon of the width of a stroke; `points` are per cents of the sparkline."""
    corners = [(x * _SPARKLINE_WIDTH / 100, y * _SPARKLINE_HEIGHT / 100) for x, y in points]
    up: list[_Point] = []
    down: list[_Point] = []
    for index, (x, y) in enumerate(corners):
        (a, b), (c, d) = corners[max(index - 1, 0)], corners[min(index + 1, len(corners) - 1)]
        length = math.hypot(c - a, d - b) or 1
        dx, dy = -(d - b) / length * _STROKE_WIDTH / 2, (c - a) / length * _STROKE_WIDTH / 2
        up.append((x + dx, y + dy))
        down.append((x - dx, y - dy))
    return _format_polygon(
        [(x / _SPARKLINE_WIDTH * 100, y / _SPARKLINE_HEIGHT * 100) for x, y in [*up, *reversed(down)]]
    )


def _format_polygon(points: Sequence[_Point]) -> str:
    return ",".join(f"{x:.1f}% {y:.1f}%" for x, y in points)


def render_terms(lines: Sequence[tuple[str, str]]) -> Markup:
    """Terms, each with what it means below it."""
    return render("terms", lines=lines)


def render_table(content: TextTable) -> Markup:
    """A table with headed columns and rows, figures to the right; it scrolls in its own box on a narrow screen."""
    figures = [
        column > 0 and all(FIGURE_PATTERN.fullmatch(row[column]) for row in content.rows)
        for column in range(len(content.headers))
    ]
    return render("table", content=content, figures=figures)


def render_captioned_tables(tables: Iterable[TextTable]) -> Markup:
    """Tables under their captions, in columns on wide screens."""
    return render("captioned_tables", tables=[(table.caption, render_table(table)) for table in tables])


def render_captioned_table(table: TextTable) -> Markup:
    """A table under its caption."""
    return render("captioned_table", caption=table.caption, table=render_table(table))


def render_details(summary: str, content: Markup) -> Markup:
    """Folded content under a summary."""
    return render("details", summary=summary, content=content)


def render_methodology(lines: Sequence[tuple[str, str]], localizer: Localizer, method_url: str = "") -> Markup:
    """The methodology of a figure, folded: inputs, edition, formulas; a link to the method page."""
    return render("methodology", lines=lines, method_url=method_url, localizer=localizer)


def render_folds(*parts: Markup) -> Markup:
    """Folds and links in one row."""
    return render("mores", parts=parts)


def render_figure_footer(figure: Figure, download_link: str, localizer: Localizer, method_url: str = "") -> Markup:
    """The footer of a figure: takeaway, disclosures, notes, source; table, licence, download and method are folded."""
    return render(
        "figure_footer",
        figure=figure,
        table=render_table(figure.table),
        download_url=download_link,
        method_url=method_url,
        localizer=localizer,
    )


def render_asked_link(url: str, text: str) -> Markup:
    """A link to an explanation, in its own paragraph."""
    return render("asked_link", url=url, text=text)


def render_method_link(method_url: str, localizer: Localizer) -> Markup:
    """The link to the method page."""
    return render_asked_link(method_url, localizer.text("method.link"))


def download_url(figure: Figure, language: str, asof: str) -> str:
    """The address of the CSV file of a figure."""
    query = {"indicator": figure.indicator, "geo": figure.geo, "item": figure.item, "lang": language, "asof": asof}
    return "/download/series.csv?" + urlencode({name: value for name, value in query.items() if value})

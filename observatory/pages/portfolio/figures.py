"""HTML of the results of the portfolio page: key figures, shock, horizons, contributions, neighbours, changes."""

from markupsafe import Markup

from observatory.briefs.portfolio.model import BarTable, MixChange, MixShock, MixSummary, NeighbourTable, PortfolioBrief
from observatory.language import NO_VALUE, Localizer
from observatory.pages.components import bar_table, html
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.pictograms import market_icon
from observatory.pages.components.templates import render
from observatory.selection import build_url

_MAX_NEIGHBOURS = 3  # in sight; all of them are in the fold
_RISK_CELL = 3  # of a row of contributions


def render_keys(summary: MixSummary) -> Markup:
    """The three key figures."""
    return render("key_figures", rows=summary.keys)


def render_pin(summary: MixSummary) -> Markup:
    """The answer in one line, which stays in sight on a phone."""
    label, middle, value_range = summary.pinned
    return render("firm_pin", label=label, middle=middle, range=value_range)


def render_shock(shock: MixShock, localizer: Localizer) -> Markup:
    """The caution on the shock that is replayed."""
    label = localizer.text("portfolio.shock.label")
    return render("firm_shock", label=label, text=shock.text, others=shock.others)


def render_horizons(summary: MixSummary, localizer: Localizer) -> Markup:
    """Growth at every horizon on one scale."""
    return render(
        "firm_horizons",
        title=localizer.text("portfolio.ahead.title"),
        subtitle=localizer.text("portfolio.ahead.subtitle"),
        rows=summary.horizons,
        scale=summary.scale,
        ticks=bar_table.choose_ticks(summary.scale),
        held=summary.held,
        of_100=localizer.text("portfolio.key.of_100"),
        localizer=localizer,
    )


def render_contributions(table: BarTable, localizer: Localizer) -> Markup:
    """What each market brings; in small type its share of the uncertainty."""
    rows = []
    for row in table.rows:
        risk = row.cells[_RISK_CELL]
        small = "" if risk == NO_VALUE else localizer.text("portfolio.brings.uncertainty", share=risk)
        rows.append((row, " · ".join(part for part in (small, row.note) if part)))
    return render(
        "firm_contributions",
        title=table.title,
        subtitle=table.subtitle,
        rows=rows,
        scale=table.scale,
        notes=table.notes,
    )


def render_neighbours(table: NeighbourTable, localizer: Localizer) -> Markup:
    """The first neighbouring markets in sight, if the firm has said what it can do; all of them with reasons folded."""
    rows = [
        (row, build_url("/segment", row.target, LINK_DEFAULTS), market_icon(row.target.segment)) for row in table.rows
    ]
    of_100 = localizer.text("portfolio.key.of_100")
    whole = bar_table.render_neighbours(table)
    if not table.is_by_choice:
        ask = html.render_paragraphs("o-unit", localizer.text("neighbours.ask"))
        return ask + html.render_details(localizer.text("neighbours.without"), whole)
    in_sight = render("firm_neighbours", rows=rows[:_MAX_NEIGHBOURS], of_100=of_100, foot=table.foot)
    return in_sight + html.render_details(localizer.text("neighbours.rest"), whole)


def render_changes(change: MixChange, localizer: Localizer) -> Markup:
    """The best changes by one step, beside the mix as it is."""
    return render("firm_changes", title=change.figure.title, rows=change.best, today=change.today, localizer=localizer)


def render_sheet(brief: PortfolioBrief, localizer: Localizer) -> Markup:
    """The sheet of values and computation: the tables with all columns, then how each part is computed."""
    parts: list[tuple[str, Markup]] = []
    for table in (brief.growth, brief.contributions):
        if table is not None:
            notes = html.render_paragraphs("o-source", *table.notes)
            body = bar_table.render_bar_table(table, localizer) + notes + html.render_terms(table.methodology)
            parts.append((table.title, body))
    if brief.shock is not None:
        parts.append((localizer.text("portfolio.shock.title"), html.render_terms(brief.shock.methodology)))
    if brief.change is not None:
        parts.append((brief.change.figure.title, html.render_terms(brief.change.methodology)))
    if brief.neighbours is not None:
        parts.append((brief.neighbours.title, html.render_terms(brief.neighbours.methodology)))
    return render("firm_sheet", title=localizer.text("portfolio.sheet"), parts=parts)

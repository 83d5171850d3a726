"""Builds the document of a portfolio from a mix in the reader's session; no route gives it, as a mix is private."""

from collections.abc import Iterable
from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Terms, TextTable
from observatory.briefs.deck.portfolio import build_portfolio_deck
from observatory.briefs.portfolio.model import BarTable, NeighbourTable, PortfolioBrief
from observatory.briefs.portfolio.page import build_portfolio
from observatory.export.document import Document, Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.registry import DocumentEntry, build_document
from observatory.export.documents.sections import build_figure_section, drop_missing, list_publishers
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

PORTFOLIO_FORMATS = ("pdf", "pptx", "xlsx")


def build_portfolio_document(outlook: Outlook, selection: Selection, mix: Mix, dated_link: str) -> Document:
    """The document of a mix; `dated_link` shows it again, with the mix in its fragment, which no server receives."""

    def build(context: Context) -> DocumentDraft:
        return _draft_portfolio(context, build_portfolio(context, mix), mix)

    document = build_document(DocumentEntry("portfolio", "portfolio", build), outlook, selection, "")
    return replace(document, link=dated_link)


def _draft_portfolio(context: Context, brief: PortfolioBrief, mix: Mix) -> DocumentDraft:
    localizer = context.localizer
    rows = [
        row
        for row in context.outlook.catalogue.indicators.values()
        if row.segment in mix.shares and row.role == "market"
    ]
    parts = [
        part
        for part in (brief.growth, brief.contributions, brief.shock, brief.change, brief.neighbours)
        if part is not None
    ]
    return DocumentDraft(
        title=localizer.text("page.portfolio"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, localizer.text("portfolio.mix.bar", list=_mix_text(context, mix))),
        sections=drop_missing(_iter_sections(brief, localizer)),
        cover_id="shocks" if brief.shock is not None and brief.shock.figure is not None else "",
        method=tuple(text for part in parts for text in _formula_texts(part.methodology)),
        sources=list_publishers(context, rows),
        deck=build_portfolio_deck(context, brief, mix) if brief.growth is not None else (),
    )


def _mix_text(context: Context, mix: Mix) -> str:
    localizer = context.localizer
    return ", ".join(
        f"{localizer.field_text(context.outlook.catalogue.segments[name], 'title')} {localizer.percent_text(share)}"
        for name, share in mix.normalized_shares.items()
    )


def _iter_sections(brief: PortfolioBrief, localizer: Localizer) -> Iterable[Section | None]:
    if brief.growth is not None:
        plain = localizer.text("export.ahead.subtitle")
        yield replace(_build_bar_section("ahead", brief.growth), plain_subtitle=plain)
    yield _build_bar_section("brings", brief.contributions) if brief.contributions else None
    if brief.shock is not None and brief.shock.figure is not None:
        section = build_figure_section("shocks", brief.shock.figure, localizer)
        yield replace(section, paragraphs=(brief.shock.sentence, *section.paragraphs))
    if brief.change is not None:
        section = build_figure_section("change", brief.change.figure, localizer)
        paragraphs = (*section.paragraphs, brief.change.sentence)
        yield replace(section, paragraphs=paragraphs, source="")  # every page and sheet names the edition
    yield _build_neighbours_section(brief.neighbours) if brief.neighbours else None


def _build_bar_section(name: str, content: BarTable) -> Section:
    rows = tuple((line.label, *line.cells) for line in content.rows)
    table = TextTable(content.title, content.heads, rows)
    return Section(name, content.title, content.subtitle, paragraphs=content.notes, tables=(table,))


def _build_neighbours_section(content: NeighbourTable) -> Section:
    rows = tuple(
        (
            row.title,
            " \u00b7 ".join(part for part in (row.call_label, row.odds_text) if part),
            row.closeness,
            row.track_record,
        )
        for row in content.rows
    )
    paragraphs = (
        *(row.explanation for row in content.rows),
        *((content.far_markets,) if content.far_markets else ()),
        content.assessment_note,
    )
    tables = (TextTable(content.title, content.heads, rows),) if rows else ()
    return Section("neighbours", content.title, content.subtitle, paragraphs=paragraphs, tables=tables)


def _formula_texts(methodology: Terms) -> tuple[str, ...]:
    """The formula of a part: the last term of its methodology."""
    return (methodology[-1][1],)

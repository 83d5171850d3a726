"""A firm's own markets as a document: built in the reader's session from its mix, and in no route that names a page."""

from collections.abc import Iterable
from dataclasses import replace

from observatory.briefs.common.model import Table, Terms
from observatory.briefs.portfolio.model import Barred, Neighbours, Portfolio
from observatory.briefs.portfolio.page import portfolio
from observatory.export.document import Document, Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.registry import Row, document_of
from observatory.export.documents.sections import kept, of_figure, publishers_of
from observatory.language import Speaker
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

FORMATS = ("pdf", "pptx", "xlsx")


def document_of_mix(outlook: Outlook, selection: Selection, mix: Mix, dated: str) -> Document:
    """What the page says of a mix; `dated` is the link that shows it again, the mix behind its #."""

    def build(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
        return _draft(portfolio(outlook, selection, mix, speaker), outlook, mix, speaker)

    made = document_of(Row("portfolio", "portfolio", build), outlook, selection, "")
    return replace(made, link=dated)


def _draft(brief: Portfolio, outlook: Outlook, mix: Mix, speaker: Speaker) -> Draft:
    rows = [row for row in outlook.catalogue.indicators.values() if row.segment in mix.shares and row.role == "market"]
    shown = [row for row in (brief.ahead, brief.brings, brief.shock, brief.change, brief.neighbours) if row is not None]
    return Draft(
        title=speaker.say("page.portfolio"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, speaker.say("portfolio.mix.bar", list=_mix(outlook, mix, speaker))),
        sections=kept(_sections(brief, speaker)),
        picture="shocks" if brief.shock is not None and brief.shock.figure is not None else "",
        method=tuple(text for row in shown for text in _said(row.how)),
        sources=publishers_of(outlook, rows, speaker),
    )


def _mix(outlook: Outlook, mix: Mix, speaker: Speaker) -> str:
    parts = mix.whole.items()
    return ", ".join(f"{speaker.of(outlook.catalogue.segments[name], 'title')} {speaker.share(n)}" for name, n in parts)


def _sections(brief: Portfolio, speaker: Speaker) -> Iterable[Section | None]:
    yield _barred("ahead", brief.ahead) if brief.ahead else None
    yield _barred("brings", brief.brings) if brief.brings else None
    if brief.shock is not None and brief.shock.figure is not None:
        section = of_figure("shocks", brief.shock.figure, speaker)
        yield replace(section, text=(brief.shock.sentence, *section.text))
    if brief.change is not None:
        section = of_figure("change", brief.change.figure, speaker)
        text = (*section.text, brief.change.sentence)
        yield replace(section, text=text, source="")  # of the edition, which every page and sheet names
    yield _neighbours(brief.neighbours) if brief.neighbours else None


def _barred(name: str, content: Barred) -> Section:
    rows = tuple((line.label, *line.cells) for line in content.lines)
    table = Table(content.title, content.heads, rows)
    return Section(name, content.title, content.subtitle, text=content.notes, tables=(table,))


def _neighbours(content: Neighbours) -> Section:
    rows = tuple(
        (row.title, " \u00b7 ".join(part for part in (row.label, row.odds) if part), row.near, row.record)
        for row in content.rows
    )
    text = (*(row.sentence for row in content.rows), *((content.rest,) if content.rest else ()), content.judgement)
    tables = (Table(content.title, content.heads, rows),) if rows else ()
    return Section("neighbours", content.title, content.subtitle, text=text, tables=tables)


def _said(how: Terms) -> tuple[str, ...]:
    """The formula of a block: its last term."""
    return (how[-1][1],)

"""The overview as a document."""

from observatory.briefs.brief import Figure, Overview, computed
from observatory.briefs.overview import overview as brief_of
from observatory.briefs.plots import intervals
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_figure, of_table, publishers_of
from observatory.export.documents.segment import method_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def overview(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """What the overview says for the horizon of the selection."""
    brief = brief_of(outlook, selection, speaker)
    names = {row.segment for row in brief.rows}
    rows = [row for row in outlook.catalogue.indicators.values() if row.segment in names and row.role == "market"]
    return Draft(
        title=speaker.say("page.overview"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=kept(
            (
                _ranking(brief),
                of_figure("scatter", figure, speaker) if (figure := _scatter(brief, speaker)) else None,
                Section("reading", speaker.say("reading.title"), terms=brief.reading) if brief.reading else None,
                of_figure("surest", brief.surest, speaker) if brief.surest else None,
            )
        ),
        picture="scatter" if brief.scatter is not None else "surest",
        method=method_of(True, speaker),
        sources=publishers_of(outlook, rows, speaker),
    )


def _ranking(brief: Overview) -> Section:
    """The ranking as a table; what each market's row warns of stands below it, once."""
    warned = tuple((row.title, row.warning) for row in brief.rows if row.warning)
    section = of_table("ranking", brief.title, brief.table, brief.subtitle)
    return Section(section.id, section.title, section.subtitle, brief.footnotes, terms=warned, tables=section.tables)


def _scatter(brief: Overview, speaker: Speaker) -> Figure | None:
    """Past against expected growth; as numbers, the expected growth of each market with its range."""
    rows = [row for row in brief.rows if row.bar is not None]
    if brief.scatter is None or not rows:
        return None
    bars = [(row.bar.median, row.bar.low, row.bar.high) for row in rows if row.bar is not None]
    name = speaker.say("export.growth")
    return computed(
        name="scatter",
        title=brief.scatter_title,
        subtitle=brief.scatter_subtitle,
        spec=brief.scatter,
        alt=brief.scatter_alt,
        takeaway=" ".join(f"{term} {text}" for term, text in brief.reading[:2]),
        notes=(brief.scatter_note,),
        source_line=" ".join(brief.footnotes[:1]),
        table=brief.table,
        plot=intervals([row.title for row in rows], "expected", name, bars, "%", 1),
    )

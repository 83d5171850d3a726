"""The overview as a document."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common.model import Figure, Overview, Plot, Ranked, computed
from observatory.briefs.common.plots import intervals, points
from observatory.briefs.overview import overview as brief_of
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
                replace(
                    of_table("ranking", brief.title, brief.table, brief.subtitle), source=" ".join(brief.footnotes)
                ),
                replace(of_figure("scatter", figure, speaker), tables=())  # its figures are those of the ranking
                if (figure := _scatter(brief, speaker))
                else None,
                of_figure("surest", brief.surest, speaker) if brief.surest else None,
                _warnings(brief, speaker),
            )
        ),
        picture="scatter" if brief.scatter is not None else "surest",
        method=method_of(True, speaker),
        sources=publishers_of(outlook, rows, speaker),
    )


def _warnings(brief: Overview, speaker: Speaker) -> Section | None:
    """What the row of each market warns of."""
    warned = tuple((row.title, row.warning) for row in brief.rows if row.warning)
    return Section("warnings", speaker.say("export.warnings"), terms=warned) if warned else None


def _scatter(brief: Overview, speaker: Speaker) -> Figure | None:
    """Past against expected growth with its range, and how to read it."""
    rows = [row for row in brief.rows if row.bar is not None and row.past_rate is not None]
    if brief.scatter is None or not rows:
        return None
    said = [f"{term} {text}" for term, text in brief.reading]
    return computed(
        name="scatter",
        title=brief.scatter_title,
        subtitle=brief.scatter_subtitle,
        spec=brief.scatter,
        alt=brief.scatter_alt,
        takeaway=" ".join(said[:2]),
        notes=(*said[2:], brief.scatter_note),
        source_line=" ".join(brief.footnotes[:1]),
        table=brief.table,
        plot=_plot(rows, speaker),
    )


def _plot(rows: Sequence[Ranked], speaker: Speaker) -> Plot:
    bars = [(row.bar.median, row.bar.low, row.bar.high) for row in rows if row.bar is not None]
    past = [row.past_rate * 100 for row in rows if row.past_rate is not None]
    titles = [row.title for row in rows]
    upward = intervals(titles, "expected", speaker.say("export.growth"), bars, "%", 1)
    return points(titles, (speaker.say("export.growth.past"), past), upward)

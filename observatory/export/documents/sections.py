"""Parts that all documents share: figures, chapters and tables as Sections, and where the figures come from."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from observatory.briefs.common.disclosure import credit
from observatory.briefs.common.model import Chapter, Figure, Table
from observatory.briefs.common.series_figure import title_of
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import PER_YEAR, last_month, period
from observatory.export.document import Section, Source
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook


def of_figure(name: str, figure: Figure, speaker: Speaker, role: bool = False, small: bool = False) -> Section:
    """A figure with all that closes it on its page: takeaway, honest sentences, notes, source and licence."""
    said = f"{speaker.say(f'role.{figure.role}')} \u00b7 {figure.title}" if role else figure.title
    source = figure.source_line
    if figure.credit.licence:
        source = f"{source} {speaker.say('export.licence', licence=figure.credit.licence)}"
    honest = (" ".join(figure.honesty),) if figure.honesty else ()
    return Section(
        id=name,
        title=said,
        subtitle=figure.subtitle,
        text=(figure.takeaway, *honest, *figure.notes, *_origin(figure, speaker)),
        tables=(replace(figure.table, caption=figure.title),),
        figure=figure,
        source=source,
        small=small,
    )


def _origin(figure: Figure, speaker: Speaker) -> tuple[str, ...]:
    """Where a forecast starts from; nothing for a figure without one."""
    plot = figure.plot
    if plot is None or not plot.origin or all(run.nature != "expected" for run in plot.runs):
        return ()
    return (speaker.say("export.origin", period=speaker.period(plot.origin)),)


def of_chapter(name: str, chapter: Chapter) -> Section:
    """A chapter as it stands."""
    return Section(name, chapter.title, chapter.subtitle, terms=chapter.terms, tables=chapter.tables)


def of_table(name: str, title: str, table: Table, subtitle: str = "") -> Section:
    """A table under a title; its caption is then the line below the title."""
    return Section(name, title, subtitle, tables=(table,))


def kept(sections: Iterable[Section | None]) -> tuple[Section, ...]:
    """The sections that there are."""
    return tuple(section for section in sections if section is not None)


def sources_of(outlook: Outlook, indicators: Sequence[Indicator], speaker: Speaker) -> tuple[Source, ...]:
    """One source an indicator, for the series of it that is shown first."""
    found = []
    for row in indicators:
        key = outlook.headline(row)
        if key in outlook.panel:
            history = outlook.panel[key]
            origin = speaker.period(period(history.last, history.frequency))
            found.append(_source(outlook, row, title_of(outlook, key, speaker), origin, speaker))
    return tuple(found)


def publishers_of(outlook: Outlook, indicators: Sequence[Indicator], speaker: Speaker) -> tuple[Source, ...]:
    """One source a publisher: how many indicators, and the latest figure among them."""
    by_source: dict[str, list[Indicator]] = {}
    for row in indicators:
        if outlook.headline(row) in outlook.panel:
            by_source.setdefault(row.source, []).append(row)
    found = []
    for rows in by_source.values():
        known = [outlook.panel[outlook.headline(row)] for row in rows]
        # Said by its own frequency: the figure of a year is not one of December.
        last = max(known, key=lambda row: (last_month(row.last, row.frequency), PER_YEAR[row.frequency]))
        latest = speaker.period(period(last.last, last.frequency))
        found.append(_source(outlook, rows[0], speaker.count("export.indicators", len(rows)), latest, speaker))
    return tuple(found)


def _source(outlook: Outlook, row: Indicator, series: str, origin: str, speaker: Speaker) -> Source:
    known = credit(outlook, row, speaker)
    return Source(series, known.publisher, known.licence, known.attribution, origin, known.taken, known.page)

"""A document as one long CSV: a row for each figure, with its source, licence, edition, origin and link."""

from collections.abc import Iterator

from observatory.briefs.common.model import Figure, Plot, Table
from observatory.export.common.cell_values import number_of
from observatory.export.csv.dialect import Cell, written
from observatory.export.document import Document, Section
from observatory.language import Language

# What is the same in both languages: section is a code; series and label name the figure, nature says what it is.
COLUMNS = (
    *("section", "title", "series", "label", "nature", "value", "low", "high", "unit", "text"),
    *("source", "licence", "origin", "edition", "link"),
)
Row = dict[str, Cell]


def csv_of(document: Document) -> bytes:
    """The CSV in the dialect of the document's language."""
    tail = {"edition": document.vintage, "link": document.link}
    rows = ({**row, **tail} for section in document.sections for row in _rows(section, document.language))
    return written([COLUMNS, *([row.get(name) for name in COLUMNS] for row in rows)], document.language)


def _rows(section: Section, language: Language) -> Iterator[Row]:
    """The figures of a section: those of its chart where it has them as numbers, else those of its tables."""
    figure = section.figure
    head: Row = {"section": section.id, "title": section.title}
    if figure is not None and figure.plot is not None:
        yield from ({**head, **row, **_source(section, figure)} for row in _plotted(figure.plot))
        return
    for table in section.tables:
        yield from ({**head, **row, "source": section.source} for row in _told(table, language))


def _source(section: Section, figure: Figure) -> Row:
    return {"source": figure.credit.attribution or section.source, "licence": figure.credit.licence}


def _plotted(plot: Plot) -> Iterator[Row]:
    """A row a value; the limits of an expected value stand beside it, not in rows of their own."""
    sides = {run.nature: run.values for run in plot.runs}
    for run in plot.runs:
        if run.nature in ("low", "high") and "expected" in sides:
            continue
        for place, value in enumerate(run.values):
            if value is None:
                continue
            row: Row = {"series": run.name, "nature": run.nature, "value": value, "unit": plot.unit}
            row["label"] = plot.codes[place] if plot.codes else plot.labels[place]
            row["origin"] = plot.origin
            if run.nature == "expected" and "low" in sides:
                row |= {"low": sides["low"][place], "high": sides["high"][place]}
            elif run.low:
                row |= {"low": run.low[place], "high": run.high[place]}
            yield row


def _told(table: Table, language: Language) -> Iterator[Row]:
    """A row a cell: its words, and the figure that it is (a share of 1 for a per cent)."""
    for cells in table.rows:
        for head, cell in zip(table.heads[1:], cells[1:], strict=True):
            found = number_of(cell, language)
            value = found.value if found else None
            yield {"series": cells[0], "label": head, "nature": table.caption, "value": value, "text": cell}

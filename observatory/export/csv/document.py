"""CSV of a document in long form: a row per figure, with source, licence, edition, origin and link."""

from collections.abc import Iterator

from observatory.briefs.common.model import Figure, PlotData, TextTable
from observatory.export.common.cell_values import parse_cell
from observatory.export.csv.dialect import CsvCell, encode_csv
from observatory.export.document import Document, Section
from observatory.language import Language

# The same in both languages: section is a code, series and label name the figure, nature is its kind.
COLUMNS = (
    *("section", "title", "series", "label", "nature", "value", "low", "high", "unit", "text"),
    *("source", "licence", "origin", "edition", "link"),
)
_CsvRow = dict[str, CsvCell]


def write_csv(document: Document) -> bytes:
    """The CSV in the dialect of the document's language."""
    tail = {"edition": document.edition_label, "link": document.link}
    rows = ({**row, **tail} for section in document.sections for row in _iter_section_rows(section, document.language))
    return encode_csv([COLUMNS, *([row.get(name) for name in COLUMNS] for row in rows)], document.language)


def _iter_section_rows(section: Section, language: Language) -> Iterator[_CsvRow]:
    """The figures of a section: those of its chart if it has plot data, else those of its tables."""
    figure = section.figure
    head: _CsvRow = {"section": section.id, "title": section.title}
    if figure is not None and figure.plot_data is not None:
        yield from (
            {**head, **row, **_build_source_cells(section, figure)} for row in _iter_plot_rows(figure.plot_data)
        )
        return
    for table in section.tables:
        yield from ({**head, **row, "source": section.source} for row in _iter_table_rows(table, language))


def _build_source_cells(section: Section, figure: Figure) -> _CsvRow:
    return {"source": figure.provenance.attribution or section.source, "licence": figure.provenance.licence}


def _iter_plot_rows(plot: PlotData) -> Iterator[_CsvRow]:
    """A row per value; the limits of an expected value are columns of its row, not rows of their own."""
    sides = {run.nature: run.values for run in plot.series}
    for run in plot.series:
        if run.nature in ("low", "high") and "expected" in sides:
            continue
        for index, value in enumerate(run.values):
            if value is None:
                continue
            row: _CsvRow = {"series": run.name, "nature": run.nature, "value": value, "unit": plot.unit}
            row["label"] = plot.period_codes[index] if plot.period_codes else plot.labels[index]
            row["origin"] = plot.origin
            if run.nature == "expected" and "low" in sides:
                row |= {"low": sides["low"][index], "high": sides["high"][index]}
            elif run.low:
                row |= {"low": run.low[index], "high": run.high[index]}
            yield row


def _iter_table_rows(table: TextTable, language: Language) -> Iterator[_CsvRow]:
    """A row per cell: its text, and its figure if it is one (a share of 1 for a per cent)."""
    for cells in table.rows:
        for header, cell in zip(table.headers[1:], cells[1:], strict=True):
            number = parse_cell(cell, language)
            value = number.value if number else None
            yield {"series": cells[0], "label": header, "nature": table.caption, "value": value, "text": cell}

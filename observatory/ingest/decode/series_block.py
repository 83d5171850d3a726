"""Blocks of series: tables whose first lines say title, code and unit of each column, as those of INSEE do."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from observatory.ingest.decode import numbers
from observatory.ingest.decode.codes import load_codes
from observatory.ingest.decode.name_index import find_role
from observatory.ingest.decode.periods import is_period_text
from observatory.ingest.decode.table import CellTable, CellValue, NumberedRow, format_cell
from observatory.ingest.decode.text import fold_text

MAX_METADATA_ROWS = 40  # lines above the first figures that may describe the columns
_PERIOD_HEADER, _STATUS_HEADER = "period", "OBS_STATUS"
_SHORT_POWERS = {"m": "millions", "bn": "billions", "k": "thousands"}  # units of the ONS


def read_series_block(table: CellTable, is_known_series: Callable[[str], bool]) -> CellTable:
    """The table below lines of metadata, with a head for each column: its title, or a code that is better known.

    The first cell of the first line must be a known label (`Titre :`, `Libellé`, `Title`) and that of the first line
    of figures a period; any other table is returned as it is. Units and magnitudes become `column_units`.
    """
    if not table.header or _find_kind(table.header[0]) not in ("title", "code"):
        return table
    start = next(
        (index for index, (_line, cells) in enumerate(table.rows[:MAX_METADATA_ROWS]) if is_figure_row(cells)), None
    )
    if start is None:
        return table
    metadata: list[Sequence[CellValue]] = [table.header, *(cells for _line, cells in table.rows[:start])]
    width = max(map(len, (*metadata, *(cells for _line, cells in table.rows[start : start + 1]))))
    titles, codes, units, magnitudes = (_get_texts(metadata, kind, width) for kind in _KINDS)
    last_label = format_cell(metadata[-1][0]) if metadata[-1] else ""
    header = [last_label if find_role(last_label) == "period" else _PERIOD_HEADER]
    for title, code in zip(titles[1:], codes[1:], strict=True):
        if _find_kind(title) == "status":
            header.append(_STATUS_HEADER)
            continue
        header.append(code if not title or (is_known_series(code) and not is_known_series(title)) else title)
    column_units = {
        column: f"{magnitude} {_SHORT_POWERS.get(unit.lower(), unit)}".strip()
        for column, (magnitude, unit) in enumerate(zip(magnitudes, units, strict=True))
        if column and (magnitude or unit)
    }
    while header and not header[-1]:
        header.pop()
    labels = ", ".join(format_cell(cells[0]).rstrip(": \u00a0") for cells in metadata if cells and cells[0] != "")
    inferred = {**table.inferred, "metadata": labels}
    return replace(table, header=tuple(header), rows=table.rows[start:], inferred=inferred, column_units=column_units)


def is_figure_row(cells: Sequence[CellValue]) -> bool:
    """Whether a row begins with a period and goes on with numbers, or with marks of missing ones."""
    if len(cells) < 2 or not is_period_text(format_cell(cells[0])):
        return False
    others = [cell for cell in cells[1:] if cell != ""]
    return any(numbers.is_missing(cell) or numbers.parse_candidates(cell) is not None for cell in others)


_KINDS = ("title", "code", "unit", "magnitude")


def _find_kind(cell: CellValue) -> str:
    """What a label of metadata says about its line: title, code, unit, magnitude; empty for any other text."""
    label = fold_text(format_cell(cell).rstrip(": \u00a0"))
    return next((kind for kind, labels in load_codes().metadata.items() if label in labels), "")


def _get_texts(metadata: Sequence[Sequence[CellValue]], kind: str, width: int) -> list[str]:
    """The texts of the first line of a kind, one for each column; empty without such a line."""
    cells = next((cells for cells in metadata if cells and _find_kind(cells[0]) == kind), ())
    texts = [format_cell(cell) for cell in cells]
    return texts + [""] * (width - len(texts))


def find_first_figures(rows: Sequence[NumberedRow]) -> int | None:
    """The index of the first row of figures that another one follows; None if there is none."""
    figures = [index for index, (_line, cells) in enumerate(rows[: MAX_METADATA_ROWS + 1]) if is_figure_row(cells)]
    return next((index for index in figures if index + 1 in figures or index + 1 == len(rows)), None)

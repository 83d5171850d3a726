"""Reading of the figures of a table: each name and each period is looked up once."""

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import Frequency
from observatory.ingest.decode import numbers
from observatory.ingest.decode.name_index import ColumnRole, load_forecast_labels
from observatory.ingest.decode.numbers import ParsedNumber
from observatory.ingest.decode.periods import compose_period
from observatory.ingest.decode.table import CellValue, format_cell
from observatory.ingest.decode.text import fold_text
from observatory.ingest.figures.context import TableContext
from observatory.ingest.figures.layout import ROLE_OF_HEADERS
from observatory.ingest.figures.period_cells import PeriodCell, has_short_year, parse_period_cell
from observatory.ingest.figures.rows import FigureRow, FigureRows, build_ragged_row, pad_row

_UNRESOLVED_NUMBER = ParsedNumber("text", 0.0)


def read_figures(context: TableContext) -> FigureRows:
    """All figures of a table; their numbers are resolved later, once the decimal separator is decided."""
    return _FigureReader(context).read()


class _FigureReader:
    """Reader of the rows of a table, with what it has looked up."""

    def __init__(self, context: TableContext) -> None:
        self.context = context
        self.layout, self.name_index = context.layout, context.name_index
        self.figures = FigureRows()
        self.indicators: dict[str, Indicator | None] = {}
        self.geos: dict[str, str | None] = {}
        self.items: dict[str, str | None] = {}
        self.period_cells: dict[tuple[CellValue, Frequency | None], PeriodCell] = {}

    def read(self) -> FigureRows:
        """Reads every line as wide as the header, figure by figure."""
        width = len(self.context.table.header)
        is_padded = self.context.table.is_padded
        last_used_column = max((*self.layout.role_columns.values(), *self.layout.value_columns))
        for line, cells in self.context.table.rows:
            cells = pad_row(cells, width, is_padded=is_padded or len(cells) > last_used_column)
            if len(cells) != width:
                self.figures.ragged_rows.append(build_ragged_row(line, cells, width))
                continue
            nature = self.layout.role_columns.get("nature")
            if nature is not None and fold_text(format_cell(cells[nature])) in load_forecast_labels():
                self.figures.forecast_count += 1
                continue
            for column in self.layout.value_columns:
                if numbers.is_missing(cells[column]):
                    self.figures.missing_count += 1
                else:
                    self.figures.rows.append(self._build_row(line, cells, column))
        return self.figures

    def _build_row(self, line: int, cells: list[CellValue], column: int) -> FigureRow:
        indicator = self._find_indicator(cells, column)
        geo, item = self._find_geography_id(cells, column, indicator), self._find_item_id(cells, column, indicator)
        period_cell = self._look_up_period(cells, column, indicator.frequency if indicator is not None else None)
        candidates = numbers.parse_candidates(cells[column])
        if candidates is not None and candidates.status_flag:
            self.figures.status_flags.add(candidates.status_flag)
        return FigureRow(
            self.context, line, cells, column, indicator, geo, item, period_cell, candidates, _UNRESOLVED_NUMBER
        )

    def _role_text(self, role: ColumnRole, cells: list[CellValue], value_column: int) -> str | None:
        """The text of a role in a row: of its column, its header, or the default of all rows; None without any."""
        column = self.layout.role_columns.get(role)
        if column is not None:
            return format_cell(cells[column])
        default = self.layout.defaults.get(role)
        return (
            self.context.header_text(value_column)
            if default is None and ROLE_OF_HEADERS.get(self.layout.shape) == role
            else default
        )

    def _find_indicator(self, cells: list[CellValue], column: int) -> Indicator | None:
        text = self._role_text("indicator", cells, column) or ""
        if text not in self.indicators:
            self.indicators[text] = self.name_index.find_indicator(text)
        return self.indicators[text]

    def _find_geography_id(self, cells: list[CellValue], column: int, indicator: Indicator | None) -> str | None:
        text = self._role_text("geo", cells, column)
        if text is None:
            if indicator is not None:
                self.figures.inferred_geo[indicator.id] = indicator.headline_geo
                return indicator.headline_geo
            return ""
        if text not in self.geos:
            self.geos[text] = self.name_index.find_geography_id(text) or self._find_numbered_place(text)
        return self.geos[text]

    def _find_numbered_place(self, text: str) -> str | None:
        """The place of the catalogue of an ISO code of three digits."""
        code = self.name_index.find_place_by_number(text)
        return code if code in self.name_index.catalogue.geographies else None

    def _find_item_id(self, cells: list[CellValue], column: int, indicator: Indicator | None) -> str | None:
        text = self._role_text("item", cells, column)
        if text is None:
            if indicator is None or self.layout.shape not in ("wide_indicators", "wide_geos", "matrix"):
                return ""
            if indicator.headline_item:
                self.figures.inferred_item[indicator.id] = indicator.headline_item
            return indicator.headline_item
        if text not in self.items:
            self.items[text] = self.name_index.find_item_id(text)
        return self.items[text]

    def _look_up_period(self, cells: list[CellValue], value_column: int, frequency: Frequency | None) -> PeriodCell:
        column = self.layout.role_columns.get("period")
        cell = cells[column] if column is not None else self.context.table.header[value_column]
        if self.layout.shape == "matrix":
            cell = compose_period(format_cell(cell), self.context.header_text(value_column)) or cell
        period_cell = self.period_cells.get((cell, frequency))
        if period_cell is None:
            period_format = self.context.period_format
            period_cell = parse_period_cell(cell, period_format, frequency, self.context.today)
            self.period_cells[cell, frequency] = period_cell
            self.figures.has_short_years |= has_short_year(cell, period_format)
        return period_cell

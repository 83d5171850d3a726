"""Examination of a file, curated or uploaded by an analyst: decoding, layout, rules, report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from observatory import settings
from observatory.catalogue.models import Catalogue
from observatory.ingest.decode import encodings, separators
from observatory.ingest.decode.aliases import parse_aliases
from observatory.ingest.decode.ambiguous_dates import resolve_dates
from observatory.ingest.decode.file_kind import InputFile
from observatory.ingest.decode.name_index import NameIndex, is_knowhow_header_row
from observatory.ingest.decode.series_block import read_series_block
from observatory.ingest.decode.table import CellTable, format_cell
from observatory.ingest.decode.table_edges import (
    add_missing_head,
    join_year_and_part,
    merge_index_name,
    split_compound_column,
    strip_notes,
    strip_totals,
    take_units_row,
)
from observatory.ingest.examination import Examination
from observatory.ingest.figures.columns import name_first_column
from observatory.ingest.figures.context import TableContext
from observatory.ingest.figures.days import (
    DailyTable,
    aggregate_days,
    find_daily_table,
    place_days,
    settle_single_days,
)
from observatory.ingest.figures.decimals import resolve_decimals
from observatory.ingest.figures.layout import TableLayout, detect_layout
from observatory.ingest.figures.multipliers import apply_multipliers
from observatory.ingest.figures.reader import read_figures
from observatory.ingest.figures.rows import (
    FigureRow,
    build_unknown_name,
    list_unknown_indicators,
    list_unknown_names,
)
from observatory.ingest.figures.series import group_series
from observatory.ingest.figures.unread import classify_unread
from observatory.ingest.knowhow.table import KnowHowTable, parse_knowhow_table
from observatory.ingest.outlooks.table import is_forecast_header_row, parse_forecast_table
from observatory.ingest.report import Choices, Observation, Question, Report
from observatory.ingest.rules.table import OpenedFile
from observatory.timeseries import SeriesKey, TimeSeries


def examine_file(
    file: str,
    content: bytes,
    catalogue: Catalogue,
    *,
    published: Mapping[SeriesKey, TimeSeries] | None = None,
    today: date,
    choices: Choices = Choices(),  # noqa: B008 - frozen
) -> Report:
    """The report on a file: accepted observations, and every finding by line and column. Never raises for its content.

    `published` holds the histories that the file revises (None: rules on the past do not apply), `today` the day that
    separates past from future periods.
    """
    input_file = InputFile(file, content, len(content))
    return examine_request(ExamineRequest(input_file, catalogue, published, choices, today))


def examine_path(
    path: Path,
    catalogue: Catalogue,
    *,
    published: Mapping[SeriesKey, TimeSeries] | None = None,
    today: date,
    choices: Choices = Choices(),  # noqa: B008 - frozen
) -> tuple[Report, bytes]:
    """The report on a file and its bytes, read up to the size limit. Raises OSError."""
    with path.open("rb") as source:
        content = source.read(settings.MAX_UPLOAD_BYTES + 1)
    size = max(path.stat().st_size, len(content))
    input_file = InputFile(str(path), content, size)
    return examine_request(ExamineRequest(input_file, catalogue, published, choices, today)), content


@dataclass(frozen=True)
class ExamineRequest:
    """A file to examine, and everything that its report depends on."""

    file: InputFile
    catalogue: Catalogue
    published: Mapping[SeriesKey, TimeSeries] | None
    choices: Choices
    today: date | None
    defaults: Mapping[str, str] = field(default_factory=dict)  # what the file need not state, by column
    encodings_allowed: tuple[str, ...] = encodings.SUPPORTED_ENCODINGS


def examine_request(request: ExamineRequest) -> Report:
    """Applies the rules stage by stage; an error in bytes, table or layout ends the examination."""
    examination = Examination(request.file)
    if not examination.apply_rules("bytes", request.file):
        return examination.build_report()
    opened = _open_file(request.file, request.choices, request.encodings_allowed)
    table = opened.table
    if table is not None:
        examination.inferred |= table.inferred
        if len(table.sheets) > 1:
            examination.questions = (Question("sheet", table.sheets),)
    if not examination.apply_rules("table", opened) or table is None:
        return examination.build_report()
    aliases = parse_aliases(request.choices.names)
    name_index = NameIndex(request.catalogue, aliases)
    if aliases:
        examination.inferred["names"] = ", ".join(f"{row.name} = {row.id or '-'}" for row in aliases)
    if is_knowhow_header_row(table.header):
        return _examine_knowhow(examination, parse_knowhow_table(table, name_index, request.today))
    if is_forecast_header_row(table.header):
        return _examine_forecasts(examination, table, request)
    table = _read_form(table, name_index)
    examination.inferred |= table.inferred
    layout = detect_layout(table, name_index, request.defaults, request.choices.indicator)
    dated = _resolve_dates(table, layout, request.choices)
    examination.inferred |= dated.inferred
    return _examine_figures(examination, TableContext(dated, layout, name_index, request.today), request)


def _resolve_dates(table: CellTable, layout: TableLayout, choices: Choices) -> CellTable:
    """The table with what was chosen for its fiscal years and months in UTC."""
    column = layout.role_columns.get("period")
    if column is None or not (choices.fiscal_year or choices.utc_month):
        return table
    lines = [(line, cells) for line, cells in table.rows if column < len(cells) and cells[column] != ""]
    texts = [format_cell(cells[column]) for _line, cells in lines]
    resolved = {
        line: text
        for (line, _cells), text in zip(
            lines, resolve_dates(texts, choices.fiscal_year, choices.utc_month), strict=True
        )
    }
    rows = tuple(
        (line, [*cells[:column], resolved[line], *cells[column + 1 :]]) if line in resolved else (line, cells)
        for line, cells in table.rows
    )
    chosen = {"fiscal_year": choices.fiscal_year, "utc_month": choices.utc_month}
    return replace(table, rows=rows, inferred={**table.inferred, **chosen})


def _read_form(table: CellTable, name_index: NameIndex) -> CellTable:
    """The table of figures that a publisher's form holds, each line of it under its own number."""
    table = strip_notes(split_compound_column(table))
    table = read_series_block(table, lambda text: name_index.find_indicator(text) is not None)
    table = join_year_and_part(take_units_row(merge_index_name(add_missing_head(table))))
    return strip_totals(name_first_column(table, name_index))


def _examine_figures(examination: Examination, context: TableContext, request: ExamineRequest) -> Report:
    """The report on a table of figures."""
    examination.record_layout(context)
    if not examination.apply_rules("layout", context):
        error_codes = {row.code for row in examination.findings if row.level == "error"}
        if error_codes == {"unknown_head"}:  # else the header as a whole is wrong
            examination.unknown_indicators = tuple(map(context.header_text, context.layout.unknown_columns))
            examination.unknown_names = tuple(
                build_unknown_name("indicator", name, context.name_index) for name in examination.unknown_indicators
            )
        if not error_codes & {"merged_head", "compound_head"}:
            examination.questions += _ask_indicator(context, request.catalogue)
        return examination.build_report()
    examination.questions = ()
    figures = read_figures(context)
    examination.apply_rules("lines", (context, figures))
    use = classify_unread(context, figures.rows, request.choices.total.splitlines())
    examination.apply_rules("columns", use)
    examination.record_columns(use)
    daily = _examine_days(examination, figures.rows, request)
    separator = context.table.inferred.get("separator", "")
    decision = resolve_decimals(figures.rows, request.choices.decimal, separator, request.published or {})
    examination.record_figures(context, figures, decision)
    if decision.decided_by == "?":
        examination.questions += (Question("decimal", (",", ".")),)
    scaled = apply_multipliers(context, figures.rows, request.published or {})
    if scaled:
        examination.inferred["multiplier"] = ", ".join(scaled)
    examination.unknown_indicators = list_unknown_indicators(figures)
    examination.unknown_names = list_unknown_names(figures)
    misplaced_lines = {row.line for row, _column in use.misplaced}
    valid_rows = [
        row
        for row in figures.rows
        if examination.apply_rules("row", row) and row.period_cell.kind == "period" and row.line not in misplaced_lines
    ]
    if use.changes_meaning or (daily is not None and not daily.is_requested):
        return examination.build_report()
    if daily is not None:
        daily, valid_rows = aggregate_days(daily, valid_rows)
        examination.apply_rules("days", daily)
    return examination.build_report(_examine_series(examination, valid_rows, request))


def _examine_days(examination: Examination, rows: Sequence[FigureRow], request: ExamineRequest) -> DailyTable | None:
    """The table of days that rows are of, if they are; gives each row the period of its day where that is plain."""
    daily = find_daily_table(rows)
    if daily is None:
        if settle_single_days(rows, request.today):
            examination.inferred["day"] = "single"
        return None
    is_requested = bool(daily.method) and request.choices.aggregate == daily.method
    daily = replace(daily, is_requested=is_requested)
    if is_requested:
        examination.inferred["aggregate"] = daily.method
    else:
        examination.apply_rules("days", daily)
        examination.questions += (Question("aggregate", (daily.method,)),) if daily.method else ()
    place_days(rows, request.today)
    return daily


def _examine_series(
    examination: Examination, rows: Sequence[FigureRow], request: ExamineRequest
) -> tuple[Observation, ...]:
    """Applies the rules on series; returns the observations of valid rows, of a repeated period the first."""
    series = group_series(rows, request.published)
    for file_series in series:
        examination.apply_rules("series", file_series)
    first_row_ids = {id(row) for file_series in series for row in file_series.first_rows.values()}
    return tuple(
        Observation(*row.series_key, row.period_cell.period, row.number.value)
        for row in rows
        if id(row) in first_row_ids
    )


def _examine_knowhow(examination: Examination, table: KnowHowTable) -> Report:
    """The report on a table of know-how; the rules of all stages run, since none makes another pointless."""
    examination.questions = ()
    examination.record_layout(table.context)
    examination.apply_rules("layout", table.context)
    examination.apply_rules("lines", (table.context, table))
    examination.apply_rules("matrix", table)
    valid_rows = [row for row in table.rows if examination.apply_rules("judgement", row)]
    return examination.build_report(knowhow=(row.proposed for row in valid_rows))


def _examine_forecasts(examination: Examination, table: CellTable, request: ExamineRequest) -> Report:
    """The report on a table of forecasts of others, by the rules of those under data/."""
    parsed = parse_forecast_table(
        table, request.file.name, request.catalogue, request.published, request.today, request.choices.decimal
    )
    for finding in parsed.findings:
        examination.add_finding(finding)
    examination.questions = parsed.questions
    examination.inferred |= {"layout": "forecasts"} | ({"decimal": parsed.decimal} if parsed.decimal else {})
    used = {row.publisher for row in parsed.forecasts}
    publishers = tuple(row for row in parsed.publishers.values() if row.id in used)
    return replace(examination.build_report(), forecasts=tuple(parsed.forecasts), publishers=publishers)


def _open_file(file: InputFile, choices: Choices, encodings_allowed: tuple[str, ...]) -> OpenedFile:
    """Opens a text or a workbook as a table, as far as possible."""
    if file.kind in ("workbook", "damaged"):
        from observatory.ingest.decode import workbook  # openpyxl takes a quarter of a second, and most files are text

        return OpenedFile(
            file, table=workbook.read_workbook(file.content, choices.sheet) if file.kind == "workbook" else None
        )
    decoded = encodings.decode_text(file.content, encodings_allowed)
    if decoded.text is None:
        return OpenedFile(file, decoded)
    control_line = encodings.find_control_character(decoded.text)
    table = separators.parse_delimited(decoded.text, {"encoding": decoded.encoding}) if control_line is None else None
    return OpenedFile(file, decoded, control_line, table)


def _ask_indicator(context: TableContext, catalogue: Catalogue) -> tuple[Question, ...]:
    """The question which indicator a file holds, if it does not say or the choice was wrong."""
    layout = context.layout
    one_column = len(layout.unknown_columns) == 1 and not layout.value_columns
    is_missing = "indicator" in layout.missing_roles and not (context.real_header_line or context.bare_figures_line)
    is_asked = one_column or is_missing or "indicator" in layout.defaults
    return (Question("indicator", tuple(catalogue.indicators)),) if is_asked else ()

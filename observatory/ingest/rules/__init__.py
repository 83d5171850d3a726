"""Validation rules of uploads, from the bytes of a file to its series: one function and one row of RULES each.

A rule takes what its stage has read (an InputFile, a FigureRow...) and returns its violations. All rules of a stage
run. A file with an error in its bytes, table or layout is not read any further: later findings would be noise. The
modules of this package hold the functions and never import the package itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from observatory.errors import Finding
from observatory.ingest.figures.context import Violation
from observatory.ingest.rules import columns, file, knowhow, row, series, table

RuleStage = Literal["bytes", "table", "layout", "lines", "columns", "days", "row", "series", "matrix", "judgement"]


@dataclass(frozen=True)
class UploadRule:
    """A rule: "error" prevents the publication of a file, "warning" does not.

    `code` names its messages, `finding.CODE` and `finding.CODE.hint`; `check` takes the object of its stage.
    """

    code: str
    level: Literal["error", "warning"]
    stage: RuleStage
    check: Callable[[Any], Iterable[Violation]]


RULES: tuple[UploadRule, ...] = (
    # Stage bytes: takes an InputFile.
    UploadRule("too_large", "error", "bytes", file.too_large),
    UploadRule("empty_file", "error", "bytes", file.empty_file),
    UploadRule("not_a_table", "error", "bytes", file.not_a_table),
    UploadRule("old_workbook", "error", "bytes", file.old_workbook),
    UploadRule("locked_workbook", "error", "bytes", file.locked_workbook),
    UploadRule("zip_bomb", "error", "bytes", file.zip_bomb),
    UploadRule("wrong_extension", "warning", "bytes", file.wrong_extension),
    # Stage table: takes an OpenedFile.
    UploadRule("encoding", "error", "table", table.encoding),
    UploadRule("binary", "error", "table", table.binary),
    UploadRule("damaged_workbook", "error", "table", table.damaged_workbook),
    UploadRule("missing_sheet", "error", "table", table.missing_sheet),
    UploadRule("too_many_cells", "error", "table", table.too_many_cells),
    UploadRule("unclosed_quote", "error", "table", table.unclosed_quote),
    UploadRule("header_only", "error", "table", table.header_only),
    # Stage layout: takes a TableContext.
    UploadRule("title_above", "error", "layout", table.title_above),
    UploadRule("no_head", "error", "layout", table.no_head),
    UploadRule("merged_head", "error", "layout", table.merged_head),
    UploadRule("missing_column", "error", "layout", table.missing_column),
    UploadRule("duplicate_column", "error", "layout", table.duplicate_column),
    UploadRule("compound_head", "error", "layout", table.compound_head),
    UploadRule("headless_numbers", "warning", "layout", table.headless_numbers),
    UploadRule("total_row", "warning", "layout", table.total_row),
    UploadRule("hidden_rows", "warning", "layout", table.hidden_rows),
    UploadRule("unknown_head", "error", "layout", table.unknown_head),
    UploadRule("too_many_figures", "error", "layout", table.too_many_figures),
    UploadRule("unknown_choice", "error", "layout", table.unknown_choice),
    UploadRule("fiscal_years", "error", "layout", table.fiscal_years),
    UploadRule("utc_months", "error", "layout", table.utc_months),
    # Stage lines: takes a TableContext and the RowCollection below its header.
    UploadRule("ragged_row", "error", "lines", table.ragged_row),
    UploadRule("merged_cells", "error", "lines", table.merged_cells),
    UploadRule("no_figures", "error", "lines", table.no_figures),
    # Stage columns: takes a ColumnUse.
    UploadRule("unread_geo", "error", "columns", columns.unread_geo),
    UploadRule("second_place", "error", "columns", columns.second_place),
    UploadRule("part_column", "error", "columns", columns.part_column),
    UploadRule("mixed_column", "error", "columns", columns.mixed_column),
    UploadRule("filter_column", "warning", "columns", columns.filter_column),
    # Stage days: takes a DailyTable.
    UploadRule("daily_table", "error", "days", columns.daily_table),
    UploadRule("incomplete_period", "warning", "days", columns.incomplete_period),
    # Stage row: takes a FigureRow.
    UploadRule("empty_cell", "error", "row", row.empty_cell),
    UploadRule("unknown_indicator", "error", "row", row.unknown_indicator),
    UploadRule("unknown_geo", "error", "row", row.unknown_geo),
    UploadRule("unknown_item", "error", "row", row.unknown_item),
    UploadRule("unread_item", "error", "row", row.unread_item),
    UploadRule("bad_period", "error", "row", row.bad_period),
    UploadRule("bad_date", "error", "row", row.bad_date),
    UploadRule("other_period_format", "error", "row", row.other_period_format),
    UploadRule("day_inside", "error", "row", row.day_inside),
    UploadRule("serial_day", "error", "row", row.serial_day),
    UploadRule("wrong_frequency", "error", "row", row.wrong_frequency),
    UploadRule("future_period", "error", "row", row.future_period),
    UploadRule("running_period", "warning", "row", row.running_period),
    UploadRule("formula", "error", "row", row.formula),
    UploadRule("not_a_number", "error", "row", row.not_a_number),
    UploadRule("too_large_number", "error", "row", row.too_large_number),
    UploadRule("rounded", "warning", "row", row.rounded),
    UploadRule("ambiguous_number", "error", "row", row.ambiguous_number),
    UploadRule("other_decimal", "error", "row", row.other_decimal),
    UploadRule("percentage", "error", "row", row.percentage),
    UploadRule("multiplier", "error", "row", row.multiplier),
    # Stage series: takes a FileSeries, which has its published history.
    UploadRule("duplicate_period", "error", "series", series.duplicate_period),
    UploadRule("repeated_row", "warning", "series", series.repeated_row),
    UploadRule("new_series", "warning", "series", series.new_series),
    UploadRule("gap", "warning", "series", series.gap),
    UploadRule("factor_1000", "warning", "series", series.factor_1000),
    UploadRule("fraction_1000", "warning", "series", series.fraction_1000),
    UploadRule("jump", "warning", "series", series.jump),
    UploadRule("sign_change", "warning", "series", series.sign_change),
    UploadRule("other_unit", "warning", "series", series.other_unit),
    UploadRule("zero", "warning", "series", series.zero),
    UploadRule("unchanged", "warning", "series", series.unchanged),
    UploadRule("revision", "warning", "series", series.revision),
    # Stage matrix: takes a KnowHowTable.
    UploadRule("no_market_column", "error", "matrix", knowhow.no_market_column),
    UploadRule("unknown_market", "error", "matrix", knowhow.unknown_market),
    UploadRule("too_many_knowhow", "error", "matrix", knowhow.too_many_knowhow),
    UploadRule("unserved_market", "error", "matrix", knowhow.unserved_market),
    # Stage judgement: takes a KnowHowRow.
    UploadRule("missing_knowhow", "error", "judgement", knowhow.missing_knowhow),
    UploadRule("repeated_knowhow", "error", "judgement", knowhow.repeated_knowhow),
    UploadRule("unknown_level", "error", "judgement", knowhow.unknown_level),
    UploadRule("undefined_knowhow", "error", "judgement", knowhow.undefined_knowhow),
    UploadRule("bad_day", "error", "judgement", knowhow.bad_day),
    UploadRule("same_day", "warning", "judgement", knowhow.same_day),
    UploadRule("one_language", "warning", "judgement", knowhow.one_language),
    UploadRule("new_knowhow", "warning", "judgement", knowhow.new_knowhow),
)


@cache
def list_rules(stage: RuleStage) -> tuple[UploadRule, ...]:
    """The rules of a stage, in the order of RULES."""
    return tuple(rule for rule in RULES if rule.stage == stage)


def build_finding(rule: UploadRule, violation: Violation, file_name: str) -> Finding:
    """The finding for a violation of a rule."""
    return Finding(
        rule.level, rule.code, file_name, violation.line, violation.column, violation.value, violation.values
    )

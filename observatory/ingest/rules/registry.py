"""RULES: what a file must be, from its bytes to its series; one function and one row for each rule.

A rule is given what its stage has read (an Upload, a Row...) and answers its faults. All rules of a stage speak. A file
with an error in its bytes, table or layout is not read any further, since what follows would be noise.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from observatory.errors import Finding
from observatory.ingest.figures.rows import Violation
from observatory.ingest.rules import file as file_rules
from observatory.ingest.rules import knowhow, row, series, table

RuleStage = Literal["bytes", "table", "layout", "lines", "row", "series", "matrix", "judgement"]


@dataclass(frozen=True)
class UploadRule:
    """One thing that can be wrong ("error": the file cannot be published so) or odd ("warning") in a file.

    `code` names its messages, `finding.CODE` and `finding.CODE.hint`; `check` gets the noun of its stage.
    """

    code: str
    level: Literal["error", "warning"]
    stage: RuleStage
    check: Callable[[Any], Iterable[Violation]]


RULES: tuple[UploadRule, ...] = (
    # Of an Upload.
    UploadRule("too_large", "error", "bytes", file_rules.too_large),
    UploadRule("empty_file", "error", "bytes", file_rules.empty_file),
    UploadRule("not_a_table", "error", "bytes", file_rules.not_a_table),
    UploadRule("old_workbook", "error", "bytes", file_rules.old_workbook),
    UploadRule("locked_workbook", "error", "bytes", file_rules.locked_workbook),
    UploadRule("zip_bomb", "error", "bytes", file_rules.zip_bomb),
    UploadRule("wrong_extension", "warning", "bytes", file_rules.wrong_extension),
    # Of what was Opened.
    UploadRule("encoding", "error", "table", table.encoding),
    UploadRule("binary", "error", "table", table.binary),
    UploadRule("damaged_workbook", "error", "table", table.damaged_workbook),
    UploadRule("missing_sheet", "error", "table", table.missing_sheet),
    UploadRule("too_many_cells", "error", "table", table.too_many_cells),
    UploadRule("unclosed_quote", "error", "table", table.unclosed_quote),
    UploadRule("header_only", "error", "table", table.header_only),
    # Of a Frame.
    UploadRule("title_above", "error", "layout", table.title_above),
    UploadRule("merged_head", "error", "layout", table.merged_head),
    UploadRule("missing_column", "error", "layout", table.missing_column),
    UploadRule("duplicate_column", "error", "layout", table.duplicate_column),
    UploadRule("compound_head", "error", "layout", table.compound_head),
    UploadRule("headless_numbers", "warning", "layout", table.headless_numbers),
    UploadRule("hidden_rows", "warning", "layout", table.hidden_rows),
    UploadRule("unknown_head", "error", "layout", table.unknown_head),
    UploadRule("too_many_figures", "error", "layout", table.too_many_figures),
    UploadRule("unknown_choice", "error", "layout", table.unknown_choice),
    # Of a Frame and what was read below its head.
    UploadRule("ragged_row", "error", "lines", table.ragged_row),
    UploadRule("merged_cells", "error", "lines", table.merged_cells),
    UploadRule("no_figures", "error", "lines", table.no_figures),
    # Of a Row.
    UploadRule("empty_cell", "error", "row", row.empty_cell),
    UploadRule("unknown_indicator", "error", "row", row.unknown_indicator),
    UploadRule("unknown_geo", "error", "row", row.unknown_geo),
    UploadRule("unknown_item", "error", "row", row.unknown_item),
    UploadRule("unread_geo", "error", "row", row.unread_geo),
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
    # Of a Series beside its past.
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
    # Of a Matrix.
    UploadRule("no_market_column", "error", "matrix", knowhow.no_market_column),
    UploadRule("unknown_market", "error", "matrix", knowhow.unknown_market),
    UploadRule("too_many_knowhow", "error", "matrix", knowhow.too_many_knowhow),
    UploadRule("unserved_market", "error", "matrix", knowhow.unserved_market),
    # Of a Judgement.
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
    """The rules of a stage, in order."""
    return tuple(rule for rule in RULES if rule.stage == stage)


def build_finding(rule: UploadRule, violation: Violation, file: str) -> Finding:
    """A fault as a finding of its rule."""
    return Finding(rule.level, rule.code, file, violation.line, violation.column, violation.value, violation.values)

"""RULES: what a file must be, from its bytes to its series; one function and one row for each rule.

A rule is given what its stage has read (an Upload, a Row...) and answers its faults. All rules of a stage speak. A file
with an error in its bytes, table or layout is not read any further, since what follows would be noise.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from observatory.errors import Finding
from observatory.ingest import file_rules, knowhow_rules, row_rules, series_rules, table_rules
from observatory.ingest.rows import Fault

Stage = Literal["bytes", "table", "layout", "lines", "row", "series", "matrix", "judgement"]


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong ("error": the file cannot be published so) or odd ("warning") in a file.

    `code` names its messages, `finding.CODE` and `finding.CODE.hint`; `check` gets the noun of its stage.
    """

    code: str
    level: Literal["error", "warning"]
    stage: Stage
    check: Callable[[Any], Iterable[Fault]]


RULES: tuple[Rule, ...] = (
    # Of an Upload.
    Rule("too_large", "error", "bytes", file_rules.too_large),
    Rule("empty_file", "error", "bytes", file_rules.empty_file),
    Rule("not_a_table", "error", "bytes", file_rules.not_a_table),
    Rule("old_workbook", "error", "bytes", file_rules.old_workbook),
    Rule("locked_workbook", "error", "bytes", file_rules.locked_workbook),
    Rule("zip_bomb", "error", "bytes", file_rules.zip_bomb),
    Rule("wrong_extension", "warning", "bytes", file_rules.wrong_extension),
    # Of what was Opened.
    Rule("encoding", "error", "table", table_rules.encoding),
    Rule("binary", "error", "table", table_rules.binary),
    Rule("damaged_workbook", "error", "table", table_rules.damaged_workbook),
    Rule("missing_sheet", "error", "table", table_rules.missing_sheet),
    Rule("too_many_cells", "error", "table", table_rules.too_many_cells),
    Rule("unclosed_quote", "error", "table", table_rules.unclosed_quote),
    Rule("header_only", "error", "table", table_rules.header_only),
    # Of a Frame.
    Rule("title_above", "error", "layout", table_rules.title_above),
    Rule("merged_head", "error", "layout", table_rules.merged_head),
    Rule("missing_column", "error", "layout", table_rules.missing_column),
    Rule("duplicate_column", "error", "layout", table_rules.duplicate_column),
    Rule("compound_head", "error", "layout", table_rules.compound_head),
    Rule("headless_numbers", "warning", "layout", table_rules.headless_numbers),
    Rule("hidden_rows", "warning", "layout", table_rules.hidden_rows),
    Rule("unknown_head", "error", "layout", table_rules.unknown_head),
    Rule("too_many_figures", "error", "layout", table_rules.too_many_figures),
    Rule("unknown_choice", "error", "layout", table_rules.unknown_choice),
    # Of a Frame and what was read below its head.
    Rule("ragged_row", "error", "lines", table_rules.ragged_row),
    Rule("merged_cells", "error", "lines", table_rules.merged_cells),
    Rule("no_figures", "error", "lines", table_rules.no_figures),
    # Of a Row.
    Rule("empty_cell", "error", "row", row_rules.empty_cell),
    Rule("unknown_indicator", "error", "row", row_rules.unknown_indicator),
    Rule("unknown_geo", "error", "row", row_rules.unknown_geo),
    Rule("unknown_item", "error", "row", row_rules.unknown_item),
    Rule("unread_geo", "error", "row", row_rules.unread_geo),
    Rule("unread_item", "error", "row", row_rules.unread_item),
    Rule("bad_period", "error", "row", row_rules.bad_period),
    Rule("bad_date", "error", "row", row_rules.bad_date),
    Rule("other_period_format", "error", "row", row_rules.other_period_format),
    Rule("day_inside", "error", "row", row_rules.day_inside),
    Rule("serial_day", "error", "row", row_rules.serial_day),
    Rule("wrong_frequency", "error", "row", row_rules.wrong_frequency),
    Rule("future_period", "error", "row", row_rules.future_period),
    Rule("running_period", "warning", "row", row_rules.running_period),
    Rule("formula", "error", "row", row_rules.formula),
    Rule("not_a_number", "error", "row", row_rules.not_a_number),
    Rule("too_large_number", "error", "row", row_rules.too_large_number),
    Rule("rounded", "warning", "row", row_rules.rounded),
    Rule("ambiguous_number", "error", "row", row_rules.ambiguous_number),
    Rule("other_decimal", "error", "row", row_rules.other_decimal),
    Rule("percentage", "error", "row", row_rules.percentage),
    # Of a Series beside its past.
    Rule("duplicate_period", "error", "series", series_rules.duplicate_period),
    Rule("repeated_row", "warning", "series", series_rules.repeated_row),
    Rule("new_series", "warning", "series", series_rules.new_series),
    Rule("gap", "warning", "series", series_rules.gap),
    Rule("factor_1000", "warning", "series", series_rules.factor_1000),
    Rule("fraction_1000", "warning", "series", series_rules.fraction_1000),
    Rule("jump", "warning", "series", series_rules.jump),
    Rule("sign_change", "warning", "series", series_rules.sign_change),
    Rule("other_unit", "warning", "series", series_rules.other_unit),
    Rule("zero", "warning", "series", series_rules.zero),
    Rule("unchanged", "warning", "series", series_rules.unchanged),
    Rule("revision", "warning", "series", series_rules.revision),
    # Of a Matrix.
    Rule("no_market_column", "error", "matrix", knowhow_rules.no_market_column),
    Rule("unknown_market", "error", "matrix", knowhow_rules.unknown_market),
    Rule("too_many_knowhow", "error", "matrix", knowhow_rules.too_many_knowhow),
    Rule("unserved_market", "error", "matrix", knowhow_rules.unserved_market),
    # Of a Judgement.
    Rule("missing_knowhow", "error", "judgement", knowhow_rules.missing_knowhow),
    Rule("repeated_knowhow", "error", "judgement", knowhow_rules.repeated_knowhow),
    Rule("unknown_level", "error", "judgement", knowhow_rules.unknown_level),
    Rule("undefined_knowhow", "error", "judgement", knowhow_rules.undefined_knowhow),
    Rule("bad_day", "error", "judgement", knowhow_rules.bad_day),
    Rule("same_day", "warning", "judgement", knowhow_rules.same_day),
    Rule("one_language", "warning", "judgement", knowhow_rules.one_language),
    Rule("new_knowhow", "warning", "judgement", knowhow_rules.new_knowhow),
)


@cache
def of_stage(stage: Stage) -> tuple[Rule, ...]:
    """The rules of a stage, in order."""
    return tuple(rule for rule in RULES if rule.stage == stage)


def found(rule: Rule, fault: Fault, file: str) -> Finding:
    """A fault as a finding of its rule."""
    return Finding(rule.level, rule.code, file, fault.line, fault.column, fault.value, fault.values)

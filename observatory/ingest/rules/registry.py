"""RULES: what a file must be, from its bytes to its series; one function and one row for each rule.

A rule is given what its stage has read (an Upload, a Row...) and answers its faults. All rules of a stage speak. A file
with an error in its bytes, table or layout is not read any further, since what follows would be noise.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from observatory.errors import Finding
from observatory.ingest.figures.rows import Fault
from observatory.ingest.rules import file as file_rules
from observatory.ingest.rules import knowhow, row, series, table

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
    Rule("encoding", "error", "table", table.encoding),
    Rule("binary", "error", "table", table.binary),
    Rule("damaged_workbook", "error", "table", table.damaged_workbook),
    Rule("missing_sheet", "error", "table", table.missing_sheet),
    Rule("too_many_cells", "error", "table", table.too_many_cells),
    Rule("unclosed_quote", "error", "table", table.unclosed_quote),
    Rule("header_only", "error", "table", table.header_only),
    # Of a Frame.
    Rule("title_above", "error", "layout", table.title_above),
    Rule("merged_head", "error", "layout", table.merged_head),
    Rule("missing_column", "error", "layout", table.missing_column),
    Rule("duplicate_column", "error", "layout", table.duplicate_column),
    Rule("compound_head", "error", "layout", table.compound_head),
    Rule("headless_numbers", "warning", "layout", table.headless_numbers),
    Rule("hidden_rows", "warning", "layout", table.hidden_rows),
    Rule("unknown_head", "error", "layout", table.unknown_head),
    Rule("too_many_figures", "error", "layout", table.too_many_figures),
    Rule("unknown_choice", "error", "layout", table.unknown_choice),
    # Of a Frame and what was read below its head.
    Rule("ragged_row", "error", "lines", table.ragged_row),
    Rule("merged_cells", "error", "lines", table.merged_cells),
    Rule("no_figures", "error", "lines", table.no_figures),
    # Of a Row.
    Rule("empty_cell", "error", "row", row.empty_cell),
    Rule("unknown_indicator", "error", "row", row.unknown_indicator),
    Rule("unknown_geo", "error", "row", row.unknown_geo),
    Rule("unknown_item", "error", "row", row.unknown_item),
    Rule("unread_geo", "error", "row", row.unread_geo),
    Rule("unread_item", "error", "row", row.unread_item),
    Rule("bad_period", "error", "row", row.bad_period),
    Rule("bad_date", "error", "row", row.bad_date),
    Rule("other_period_format", "error", "row", row.other_period_format),
    Rule("day_inside", "error", "row", row.day_inside),
    Rule("serial_day", "error", "row", row.serial_day),
    Rule("wrong_frequency", "error", "row", row.wrong_frequency),
    Rule("future_period", "error", "row", row.future_period),
    Rule("running_period", "warning", "row", row.running_period),
    Rule("formula", "error", "row", row.formula),
    Rule("not_a_number", "error", "row", row.not_a_number),
    Rule("too_large_number", "error", "row", row.too_large_number),
    Rule("rounded", "warning", "row", row.rounded),
    Rule("ambiguous_number", "error", "row", row.ambiguous_number),
    Rule("other_decimal", "error", "row", row.other_decimal),
    Rule("percentage", "error", "row", row.percentage),
    # Of a Series beside its past.
    Rule("duplicate_period", "error", "series", series.duplicate_period),
    Rule("repeated_row", "warning", "series", series.repeated_row),
    Rule("new_series", "warning", "series", series.new_series),
    Rule("gap", "warning", "series", series.gap),
    Rule("factor_1000", "warning", "series", series.factor_1000),
    Rule("fraction_1000", "warning", "series", series.fraction_1000),
    Rule("jump", "warning", "series", series.jump),
    Rule("sign_change", "warning", "series", series.sign_change),
    Rule("other_unit", "warning", "series", series.other_unit),
    Rule("zero", "warning", "series", series.zero),
    Rule("unchanged", "warning", "series", series.unchanged),
    Rule("revision", "warning", "series", series.revision),
    # Of a Matrix.
    Rule("no_market_column", "error", "matrix", knowhow.no_market_column),
    Rule("unknown_market", "error", "matrix", knowhow.unknown_market),
    Rule("too_many_knowhow", "error", "matrix", knowhow.too_many_knowhow),
    Rule("unserved_market", "error", "matrix", knowhow.unserved_market),
    # Of a Judgement.
    Rule("missing_knowhow", "error", "judgement", knowhow.missing_knowhow),
    Rule("repeated_knowhow", "error", "judgement", knowhow.repeated_knowhow),
    Rule("unknown_level", "error", "judgement", knowhow.unknown_level),
    Rule("undefined_knowhow", "error", "judgement", knowhow.undefined_knowhow),
    Rule("bad_day", "error", "judgement", knowhow.bad_day),
    Rule("same_day", "warning", "judgement", knowhow.same_day),
    Rule("one_language", "warning", "judgement", knowhow.one_language),
    Rule("new_knowhow", "warning", "judgement", knowhow.new_knowhow),
)


@cache
def of_stage(stage: Stage) -> tuple[Rule, ...]:
    """The rules of a stage, in order."""
    return tuple(rule for rule in RULES if rule.stage == stage)


def found(rule: Rule, fault: Fault, file: str) -> Finding:
    """A fault as a finding of its rule."""
    return Finding(rule.level, rule.code, file, fault.line, fault.column, fault.value, fault.values)

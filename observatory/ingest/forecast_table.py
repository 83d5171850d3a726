"""Table of forecasts of others: the columns of data/outlooks/forecasts.csv, a row for each, by the rules of its check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from observatory import settings
from observatory.catalogue.external_forecasts import ExternalForecast, ForecastIdentity, ForecastPublisher, parse_target
from observatory.catalogue.external_reader import HEADER, NUMBERS, parse_published, read_row
from observatory.catalogue.indicator_input import MAX_TEXT_CHARS, slugify
from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code, parse_series_codes
from observatory.errors import Finding, MessageValue
from observatory.ingest.decode import numbers, periods
from observatory.ingest.decode.name_index import strip_formula_guard
from observatory.ingest.decode.numbers import DecimalSeparator
from observatory.ingest.decode.table import CellTable, CellValue, format_cell
from observatory.ingest.decode.text import fold_text
from observatory.ingest.figures.rows import build_ragged_row, pad_row
from observatory.ingest.report import Question
from observatory.language import LANGUAGES, Localizer, escape_unprintable, sanitize_text
from observatory.timeseries import SeriesKey, TimeSeries

PUBLISHER_COLUMNS = ("own", "licence_fr", "licence_en", "licence_certainty", "missing_fr", "missing_en")
COLUMNS = (*HEADER, *PUBLISHER_COLUMNS)  # those of publishers are needed for a new one only
_NEEDED = ("publisher", "published", "quantity", "kind", "target", "unit", "page", "quote")
_RECOGNISED_BY = ("publisher", "published", "target")
_MEASURE_OF_KIND = {"growth": "growth", "level": "level", "cagr": "yearly_growth", "guidance": "level"}
_YES = ("1", "oui", "yes", "true", "vrai")
_DAY_FORMATS = tuple(form for form in periods.PERIOD_FORMATS if form.name in periods.DAY_FORMATS)
_MONTH_FORMATS = tuple(form for form in periods.PERIOD_FORMATS if form.name in ("month_year", "words"))
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_MAX_SUGGESTIONS = 5


@dataclass
class ForecastTable:
    """What a table of forecasts of others holds: those without a fault, new publishers, findings, questions."""

    forecasts: list[ExternalForecast] = field(default_factory=list)
    publishers: dict[str, ForecastPublisher] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    questions: tuple[Question, ...] = ()
    decimal: str = ""


@dataclass(frozen=True)
class _Context:
    """What the rows of a file are read with: known series and publishers, the day, the decimal separator."""

    file: str
    catalogue: Catalogue
    panel: Mapping[SeriesKey, TimeSeries] | None
    today: date | None
    decimal: DecimalSeparator | None


def is_forecast_header_row(cells: Sequence[CellValue]) -> bool:
    """Whether a row is the header of a table of forecasts of others: who, when, for when."""
    names = {fold_text(cell) for cell in cells if isinstance(cell, str)}
    return names.issuperset(_RECOGNISED_BY)


def parse_forecast_table(
    table: CellTable,
    file: str,
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries] | None,
    today: date | None,
    decimal: str,
) -> ForecastTable:
    """The forecasts of a table; a row with a fault has findings in its place, of rows that agree the first counts."""
    parsed = ForecastTable()
    columns = _find_columns(table, file, parsed.findings)
    if parsed.findings:
        return parsed
    rows = []
    for line, cells in table.rows:
        padded = pad_row(cells, len(table.header), is_padded=table.is_padded)
        if len(padded) == len(table.header):
            rows.append((line, {name: padded[column] for name, column in columns.items()}))
        else:
            ragged = build_ragged_row(line, padded, len(table.header))
            values = {"found": ragged.cell_count, "wanted": len(table.header)}
            parsed.findings.append(Finding("error", "ragged_row", file, line, "", ragged.first_extra_cell, values))
    separator, is_undecided = _decide_decimal([cells for _line, cells in rows], decimal, table)
    parsed.questions = (Question("decimal", (",", ".")),) if is_undecided else ()
    parsed.decimal = separator or ""
    context = _Context(file, catalogue, panel, today, separator)
    for line, cells in rows:
        _read_line(line, cells, context, parsed)
    return parsed


def _find_columns(table: CellTable, file: str, findings: list[Finding]) -> dict[str, int]:
    """The column of each name; every other header, every repeated and every missing one is a finding."""
    columns: dict[str, int] = {}
    line, listed = table.header_line, ", ".join(COLUMNS)
    for column, header in enumerate(table.header_texts):
        name = fold_text(header).replace(" ", "_")
        shown = escape_unprintable(header, settings.MAX_CELL_CHARS)
        if name in columns:
            other = table.header_texts[columns[name]]
            findings.append(Finding("error", "duplicate_column", file, line, shown, shown, {"other": other}))
        elif name in COLUMNS:
            columns[name] = column
        elif name:
            findings.append(Finding("error", "external_unknown_column", file, line, shown, shown, {"list": listed}))
    figures = any(name in columns for name in ("low", "value", "high"))
    for name in (*_NEEDED, *(() if figures else ("value",))):
        if name not in columns:
            findings.append(Finding("error", "external_missing_column", file, line, name, name, {"list": listed}))
    return columns


def _decide_decimal(
    rows: Sequence[Mapping[str, CellValue]], choice: str, table: CellTable
) -> tuple[DecimalSeparator | None, bool]:
    """The decimal separator of a file, None if no number needs one; and whether only a person can decide it."""
    if choice:
        return ("," if choice == "," else "."), False
    candidates = [numbers.parse_candidates(cells[name]) for cells in rows for name in NUMBERS if name in cells]
    evidence = numbers.count_separator_evidence(candidates)
    if evidence[","] or evidence["."]:
        return ("," if evidence[","] > evidence["."] else "."), False
    ambiguous = [row for row in candidates if row is not None and row.is_ambiguous]
    if not ambiguous:
        return None, False
    # A decimal comma would be quoted where the comma separates cells, and nobody quotes a number without need.
    return (".", False) if table.inferred.get("separator") == "," and not _has_comma(rows) else (None, True)


def _has_comma(rows: Sequence[Mapping[str, CellValue]]) -> bool:
    return any("," in str(cells[name]) for cells in rows for name in NUMBERS if name in cells)


def _read_line(line: int, cells: Mapping[str, CellValue], context: _Context, parsed: ForecastTable) -> None:
    """Reads a row: into the forecasts, or into findings."""
    findings: list[Finding] = []
    written = {name: _cell_text(cell) for name, cell in cells.items()}
    texts = _normalise(written, cells, line, context, findings)
    texts["publisher"] = _find_publisher(written, line, context, parsed, findings)
    texts["series"] = _find_series(written.get("series", ""), line, context, findings)
    is_sound = not findings
    row = read_row({**texts, "statement": texts["statement"] or "?"}, line, findings)
    parsed.findings += [_locate(finding, written, context) for finding in _drop_consequences(findings, written)]
    if row is not None and is_sound:
        _add_forecast(row, has_statement=bool(texts["statement"]), context=context, parsed=parsed)


def _drop_consequences(findings: Sequence[Finding], written: Mapping[str, str]) -> list[Finding]:
    """Findings without those on what could only be inferred from another faulty cell."""
    faulty = {row.column for row in findings if row.code != "external_no_figure"}
    inferred = {
        "measure": "kind" in faulty and not written.get("measure"),
        "found": "target" in faulty and not written.get("found"),
    }
    has_unread_figure = any(written.get(name) for name in ("low", "value", "high"))
    return [
        row
        for row in findings
        if not inferred.get(row.column) and not (row.code == "external_no_figure" and has_unread_figure)
    ]


def _cell_text(cell: CellValue) -> str:
    return sanitize_text(strip_formula_guard(format_cell(cell)), MAX_TEXT_CHARS)


def _locate(finding: Finding, written: Mapping[str, str], context: _Context) -> Finding:
    """A finding of the check as one on this file, with the cell as it is written there."""
    value = written.get(finding.column, "") if finding.column in NUMBERS else finding.value
    value = finding.value if finding.code == "external_out_of_order" else value
    return replace(finding, file=context.file, value=escape_unprintable(value, settings.MAX_CELL_CHARS))


def _normalise(
    written: Mapping[str, str],
    cells: Mapping[str, CellValue],
    line: int,
    context: _Context,
    findings: list[Finding],
) -> dict[str, str]:
    """The cells of a row as data/ writes them, with what may be left out."""
    texts = {name: written.get(name, "") for name in HEADER}
    texts |= {name: _read_number(name, cells.get(name, ""), texts, line, context, findings) for name in NUMBERS}
    texts["published"] = _read_published(cells["published"], texts["published"])
    texts["target"] = texts["target"].translate(_DASHES)
    texts |= {name: texts[name].lower() for name in ("kind", "measure", "basis", "found")}
    measure = _MEASURE_OF_KIND.get(texts["kind"], "")
    if texts["kind"] == "guidance" and texts["unit"].startswith("%"):
        measure = "growth"
    texts["measure"] = texts["measure"] or measure
    texts["basis"] = texts["basis"] or ("stated" if texts["value"] else "bound")
    span, today = parse_target(texts["target"]), context.today
    if not texts["found"] and span is not None and today is not None and span[1] >= today.year * 12 + today.month - 1:
        texts["found"] = "then"  # nobody looks back on a target that has not come
    published = parse_published(texts["published"])
    if published is not None and today is not None and texts["published"] > today.isoformat():
        findings.append(_error("external_future", line, "published", texts["published"]))
    return texts


def _read_number(
    name: str,
    cell: CellValue,
    texts: Mapping[str, str],
    line: int,
    context: _Context,
    findings: list[Finding],
) -> str:
    """A number as data/ writes it; empty for an empty cell, and for what is none, with a finding."""
    if cell == "":
        return ""
    candidates = numbers.parse_candidates(cell)
    number = numbers.resolve_number(cell, candidates, context.decimal)
    if number.kind == "number" and not (number.is_percent and not texts["unit"].startswith("%")):
        return repr(number.value)
    values: dict[str, MessageValue] = {}
    if number.kind == "ambiguous" and candidates is not None:
        values = {"a": candidates.comma or 0.0, "b": candidates.point or 0.0}
    codes = {
        "ambiguous": "ambiguous_number",
        "other": "other_decimal",
        "formula": "formula",
        "huge": "too_large_number",
    }
    findings.append(_error(codes.get(number.kind, "not_a_number"), line, name, texts[name], **values))
    return ""


def _read_published(cell: CellValue, text: str) -> str:
    """A date of publication as data/ writes it, from a cell of a sheet or as people write it; other text as it is."""
    if isinstance(cell, date):
        return cell.isoformat()
    if parse_published(text) is None:
        for form in (*_DAY_FORMATS, *_MONTH_FORMATS):
            parsed = periods.parse_period(text, form)
            found = "" if parsed is None else str(parsed.period_or_day)
            if parse_published(found) is not None:
                return found
    return text


def _find_publisher(
    written: Mapping[str, str], line: int, context: _Context, parsed: ForecastTable, findings: list[Finding]
) -> str:
    """The id of the publisher that a row names by id or title; one with a licence is new, another one a finding."""
    name = written["publisher"]
    known = {**parsed.publishers, **context.catalogue.external_forecasts.publishers}
    by_name = {fold_text(text): row.id for row in known.values() for text in (row.title, row.id)}
    if not name or fold_text(name) in by_name:
        return by_name.get(fold_text(name), "")
    licences = [written.get(f"licence_{language}", "") for language in LANGUAGES]
    certainty = written.get("licence_certainty", "").lower() or "unknown"
    if not any(licences) or slugify(name) in known:
        near = [known[by_name[match]].title for match in get_close_matches(fold_text(name), by_name, cutoff=0.6)]
        listed = ", ".join(sorted({row.title for row in known.values()}, key=str.casefold))
        values = {"near": ", ".join(dict.fromkeys(near)) or listed}
        findings.append(_error("external_unknown_publisher", line, "publisher", name, **values))
        return slugify(name)
    if certainty not in ("stated", "expected", "unknown"):
        allowed = "stated, expected, unknown"
        findings.append(_error("catalogue_not_allowed", line, "licence_certainty", certainty, allowed=allowed))
    missing = [written.get(f"missing_{language}", "") for language in LANGUAGES]
    given = dict(zip(LANGUAGES, zip(licences, missing, strict=True), strict=True))
    texts = {f"licence_{one}": licence or next(filter(None, licences)) for one, (licence, _missing) in given.items()}
    texts |= {
        f"missing_{one}": absent or next(filter(None, missing), "") or Localizer(one).text("others.missing.unsearched")
        for one, (_licence, absent) in given.items()
    }
    is_own = fold_text(written.get("own", "")) in _YES
    row = ForecastPublisher(id=slugify(name), title=name, own=is_own, licence_certainty=certainty, **texts)
    parsed.publishers[row.id] = row
    return row.id


def _find_series(text: str, line: int, context: _Context, findings: list[Finding]) -> str:
    """The codes of the series that a row names, in full; those that do not exist are findings."""
    accepted, rejected = parse_series_codes(text, context.catalogue)
    codes = [code for code in accepted.split(SERIES_SEPARATOR) if code]
    present = {format_series_code(key) for key in context.panel} if context.panel is not None else set(codes)
    unknown = [code for _reason, code in rejected] + [code for code in codes if code not in present]
    for code in unknown:
        indicator = code.partition(".")[0]
        near = sorted(name for name in present if name.partition(".")[0] == indicator)
        near = near or get_close_matches(code, sorted(present), n=_MAX_SUGGESTIONS)
        values = {"near": ", ".join(near[:_MAX_SUGGESTIONS]) or "airbus_deliveries.WORLD"}
        findings.append(_error("external_unknown_series", line, "series", code, **values))
    return accepted


def _add_forecast(row: ExternalForecast, *, has_statement: bool, context: _Context, parsed: ForecastTable) -> None:
    """Adds a forecast with its statement, unless one that is known, or stands above, says the same or contradicts it."""
    known = context.catalogue.external_forecasts.rows
    twin = _find_twin(row, known)
    above = _find_twin(row, parsed.forecasts)
    other = twin or above
    if other is not None:
        contradicts = _contradicts(row, other)
        code = "contradictory_forecast" if contradicts else "repeated_forecast"
        place = f"{other.statement}, {other.page}" if twin else f"{context.file}:{other.line}"
        values = {"own": _figures_text(row), "other": _figures_text(other), "place": place}
        value = escape_unprintable(_figures_text(row), settings.MAX_CELL_CHARS)
        level = "error" if contradicts else "warning"
        parsed.findings.append(Finding(level, code, context.file, row.line, "value", value, values))
        if contradicts or above is not None:
            return
        row = other
    else:
        row = _name_statement(row, (*known, *parsed.forecasts), has_statement=has_statement)
        fault = _find_statement_fault(row, (*known, *parsed.forecasts))
        if fault is not None:
            parsed.findings.append(_locate(fault, {}, context))
            return
    parsed.forecasts.append(row)


def _find_twin(row: ExternalForecast, others: Sequence[ExternalForecast]) -> ExternalForecast | None:
    """The forecast that is the same one; a day and its month, or its year, are the same date."""
    for other in others:
        same_date = row.published.startswith(other.published) or other.published.startswith(row.published)
        if same_date and _without_date(row) == _without_date(other):
            return other
    return None


def _without_date(row: ExternalForecast) -> ForecastIdentity:
    return (row.identity[0], *row.identity[2:])


def _contradicts(row: ExternalForecast, other: ExternalForecast) -> bool:
    """Whether two forecasts differ in a figure that both have, or have none in common."""
    pairs = [pair for pair in zip(row.figures, other.figures, strict=True) if None not in pair]
    return not pairs or row.scale != other.scale or any(one != two for one, two in pairs)


def _figures_text(row: ExternalForecast) -> str:
    return "; ".join(f"{name} {number:.12g}" for name, number in zip(("low", "value", "high"), row.figures) if number is not None)


def _name_statement(
    row: ExternalForecast, others: Sequence[ExternalForecast], *, has_statement: bool
) -> ExternalForecast:
    """A forecast with its statement: its own, that of another figure of the same announcement, or a new one."""
    if has_statement:
        return row
    for other in others:
        if row.series and (row.publisher, row.published, row.target, row.series) == _announcement(other):
            return replace(row, statement=other.statement)
    subject = SERIES_SEPARATOR.join(map(format_series_code, row.series)) or row.quantity
    return replace(row, statement=f"{row.publisher}-{row.published}-{row.target}-{slugify(subject)}")


def _announcement(row: ExternalForecast) -> ForecastIdentity:
    return row.publisher, row.published, row.target, row.series


def _find_statement_fault(row: ExternalForecast, others: Sequence[ExternalForecast]) -> Finding | None:
    """What is wrong with the statement of a row: that of another announcement, or another one for the same."""
    for other in others:
        if other.statement == row.statement and _announcement(other)[:3] != _announcement(row)[:3]:
            return _error("external_mixed_statement", row.line, "statement", row.statement, other=other.line)
        if row.series and _announcement(other) == _announcement(row) and other.statement != row.statement:
            return _error("external_twice", row.line, "statement", row.statement, other=other.statement)
    return None


def _error(code: str, line: int, column: str, value: str, **values: MessageValue) -> Finding:
    return Finding("error", code, "", line, column, value[: settings.MAX_CELL_CHARS], values)

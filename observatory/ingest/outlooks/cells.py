"""Cells of a row of forecasts of others as data/ writes them: numbers, dates, publisher, series."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from observatory import settings
from observatory.catalogue.external_forecasts import ForecastPublisher, parse_target
from observatory.catalogue.external_reader import HEADER, NUMBERS, parse_published
from observatory.catalogue.indicator_input import MAX_TEXT_CHARS, slugify
from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code, parse_series_codes
from observatory.errors import Finding, MessageValue
from observatory.ingest.decode import numbers, periods
from observatory.ingest.decode.name_index import strip_formula_guard
from observatory.ingest.decode.numbers import DecimalSeparator
from observatory.ingest.decode.table import CellValue, format_cell
from observatory.ingest.decode.text import fold_text
from observatory.language import LANGUAGES, Localizer
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.typography import sanitize_text

_MEASURE_OF_KIND = {"growth": "growth", "level": "level", "cagr": "yearly_growth", "guidance": "level"}
_YES = ("1", "oui", "yes", "true", "vrai")
_DAY_FORMATS = tuple(form for form in periods.PERIOD_FORMATS if form.name in periods.DAY_FORMATS)
_MONTH_FORMATS = tuple(form for form in periods.PERIOD_FORMATS if form.name in ("month_year", "words"))
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_MAX_SUGGESTIONS = 5


@dataclass(frozen=True)
class RowContext:
    """What the rows of a file are read with: known series and publishers, the day, the decimal separator."""

    file: str
    catalogue: Catalogue
    panel: Mapping[SeriesKey, TimeSeries] | None
    today: date | None
    decimal: DecimalSeparator | None


def cell_text(cell: CellValue) -> str:
    """The text of a cell, sanitised for the store."""
    return sanitize_text(strip_formula_guard(format_cell(cell)), MAX_TEXT_CHARS)


def normalise(
    written: Mapping[str, str],
    cells: Mapping[str, CellValue],
    line: int,
    context: RowContext,
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
    context: RowContext,
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


def find_publisher(
    written: Mapping[str, str],
    line: int,
    context: RowContext,
    publishers: dict[str, ForecastPublisher],
    findings: list[Finding],
) -> str:
    """The id of the publisher that a row names by id or title; one with a licence is added to `publishers`."""
    name = written["publisher"]
    known = {**publishers, **context.catalogue.external_forecasts.publishers}
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
    publishers[row.id] = row
    return row.id


def find_series(text: str, line: int, context: RowContext, findings: list[Finding]) -> str:
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


def _error(code: str, line: int, column: str, value: str, **values: MessageValue) -> Finding:
    return Finding("error", code, "", line, column, value[: settings.MAX_CELL_CHARS], values)

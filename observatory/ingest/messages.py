"""Messages and hints of findings, with numbers in the format of the reader's language."""

from collections.abc import Mapping
from datetime import date

from observatory.catalogue.periods import FREQUENCIES, parse_frequency
from observatory.errors import Finding, MessageValue
from observatory.ingest.rules import RULES
from observatory.language import LANGUAGES, Localizer, count_decimals

_RULE_CODES = frozenset(rule.code for rule in RULES)
_BYTE_VALUES = ("size", "limit")
_RATE_VALUES = ("change", "largest")
_FREQUENCY_VALUES = ("found", "expected")
_PERIOD_VALUES = ("period", "first", "last")
_MAX_DECIMALS = 12


def message_text(finding: Finding, localizer: Localizer) -> str:
    """The message of a finding: what is wrong."""
    values = format_values(finding, localizer)
    return localizer.text(f"finding.{finding.code}{_message_variant(finding)}", **values)


def hint_text(finding: Finding, localizer: Localizer) -> str:
    """The hint of a finding: what to do; another sentence where no similar name can be suggested."""
    values = format_values(finding, localizer)
    return localizer.text(f"finding.{finding.code}.hint{_hint_variant(finding, values)}", **values)


def _message_variant(finding: Finding) -> str:
    """The ending of the message of a finding that has several, by its values."""
    values = finding.values
    match finding.code:
        case "gap" if values.get("first") == values.get("last"):
            return ".one"
        case "new_series" if values.get("item_en"):
            return ".item"
        case "second_place" if not values.get("other"):
            return ".assumed"
        case "multiplier" if values.get("problem") in ("unknown", "contradicted"):
            return f".{values['problem']}"
    return ""


def _hint_variant(finding: Finding, values: Mapping[str, MessageValue]) -> str:
    """The ending of the hint of a finding that has several."""
    match finding.code:
        case "daily_table" if finding.values.get("method") in ("sum", "mean"):
            return f".{finding.values['method']}"
        case "missing_column" if finding.values.get("name_en") == "indicator" and not finding.values.get("near"):
            return ".indicator"
        case "external_unknown_publisher" if not values.get("near"):
            return ".alone"
        case "unknown_geo" if finding.values.get("country"):
            return ".country"
    return ".alone" if finding.code in _RULE_CODES and values.get("near") == "" else ""


def format_values(finding: Finding, localizer: Localizer) -> dict[str, MessageValue]:
    """The values of a finding, formatted for its sentences; text of the file is left as written."""
    values: dict[str, MessageValue] = {"value": finding.value, **finding.values}
    if finding.code not in _RULE_CODES:
        return values
    formatted = {name: _format_value(name, value, localizer) for name, value in values.items()}
    return {**formatted, **_select_language(values, localizer)}


def _select_language(values: Mapping[str, MessageValue], localizer: Localizer) -> dict[str, MessageValue]:
    """Values given in both languages (`unit_fr`, `unit_en`), in that of the reader, by their name without suffix."""
    ending = f"_{localizer.language}"
    names = [name.removesuffix(ending) for name in values if name.endswith(ending)]
    return {name: values[name + ending] for name in names if all(f"{name}_{other}" in values for other in LANGUAGES)}


def _format_value(name: str, value: MessageValue, localizer: Localizer) -> MessageValue:
    if isinstance(value, str):
        if name in _FREQUENCY_VALUES and value in FREQUENCIES:
            return localizer.text(f"finding.frequency.{value}")
        if name == "day":
            return localizer.day(date.fromisoformat(value))
        if name == "kind":
            return localizer.text(f"finding.kind.{value}")
        return localizer.period(value) if name in _PERIOD_VALUES and parse_frequency(value) else value
    if name in _BYTE_VALUES:
        return localizer.text("finding.size.megabytes", n=localizer.number(value / 1024 / 1024, 1))
    return localizer.growth(value) if name in _RATE_VALUES else _format_number(value, localizer)


def _format_number(value: float, localizer: Localizer) -> str:
    """A number with all its digits."""
    places = max(_MAX_DECIMALS, count_decimals(value, _MAX_DECIMALS))
    text = f"{value:.{places}f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else repr(float(value))
    fraction_digits = text.partition(".")[2] if "e" not in text else ""
    decimals = 0 if fraction_digits == "0" else len(fraction_digits)
    formatted = localizer.number(value, decimals)
    return formatted if len(formatted) < 40 else repr(value)

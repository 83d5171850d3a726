"""Parser and formatter of numbers that readers type; an ambiguous number gets all its readings, never a guess."""

import re

from observatory.language import Language, Localizer

MAX_NUMBER_CHARS = 24  # that an input field of a number accepts
_GROUPED_PATTERN = re.compile(
    r"[-+]?[1-9]\d{0,2}(?P<by>[ .,])\d{3}(?:(?P=by)\d{3})*(?P<rest>(?!(?P=by))[.,]\d{1,18})?", re.ASCII
)
_UNGROUPED_PATTERN = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,18})?", re.ASCII)


def parse_possible_numbers(text: str, language: Language) -> tuple[str, ...]:
    """The readings of a typed number, in the notation of links: one, two if it is ambiguous, none if it is no number.

    A single separator before three digits marks thousands or decimals: "3,850" is a decimal in French and thousands in
    English, "3.850" is a decimal in English, while in French it may be either.
    """
    normalized = re.sub(r"\s", " ", text.strip()).replace("\u2212", "-")
    grouped, ungrouped = _GROUPED_PATTERN.fullmatch(normalized), _UNGROUPED_PATTERN.fullmatch(normalized)
    readings = []
    if grouped and not (ungrouped and (language, grouped["by"]) in (("fr", ","), ("en", "."))):
        end = len(normalized) - len(grouped["rest"] or "")
        readings.append(re.sub(r"[ .,]", "", normalized[:end]) + normalized[end:].replace(",", "."))
    if ungrouped and not (grouped and (language, grouped["by"]) == ("en", ",")):
        readings.append(normalized.replace(",", "."))
    return tuple(_normalize_decimal(reading) for reading in readings)


def _normalize_decimal(decimal_text: str) -> str:
    """A number without a plus sign, leading zeros or trailing decimal zeros; zero has no sign."""
    whole, _, decimals = decimal_text.lstrip("-+").partition(".")
    text = str(int(whole)) + (f".{decimals.rstrip('0')}" if decimals.rstrip("0") else "")
    return f"-{text}" if decimal_text.startswith("-") and text != "0" else text


def format_grouped(decimal_text: str, localizer: Localizer) -> str:
    """A number of a link with the separators of the language and all its digits; empty text stays empty."""
    return localizer.number(float(decimal_text), len(decimal_text.partition(".")[2])) if decimal_text else ""


def format_ungrouped(decimal_text: str, language: Language) -> str:
    """A number of a link without thousands separators: as a reader types it so that it has a single reading."""
    return decimal_text.replace(".", ",") if language == "fr" else decimal_text

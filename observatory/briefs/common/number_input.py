"""Numbers as a reader types them, and as the page writes them back: what could be read in two ways is never guessed."""

import re

from observatory.language import Language, Localizer

MAX_NUMBER_CHARS = 24  # characters of a field for a number
_GROUPED_PATTERN = re.compile(
    r"[-+]?[1-9]\d{0,2}(?P<by>[ .,])\d{3}(?:(?P=by)\d{3})*(?P<rest>(?!(?P=by))[.,]\d{1,6})?", re.ASCII
)
_UNGROUPED_PATTERN = re.compile(r"[-+]?\d{1,13}(?:[.,]\d{1,6})?", re.ASCII)


def parse_possible_numbers(text: str, language: Language) -> tuple[str, ...]:
    """What a number can mean, each as an address writes it: one reading, two where nobody can tell, or none.

    Three figures after the only mark are thousands or decimals: "3,850" is a decimal in French and thousands in
    English, "3.850" is a decimal in English, while in French it may be either.
    """
    close = re.sub(r"\s", " ", text.strip()).replace("\u2212", "-")
    grouped, single = _GROUPED_PATTERN.fullmatch(close), _UNGROUPED_PATTERN.fullmatch(close)
    found = []
    if grouped and not (single and (language, grouped["by"]) in (("fr", ","), ("en", "."))):
        end = len(close) - len(grouped["rest"] or "")
        found.append(re.sub(r"[ .,]", "", close[:end]) + close[end:].replace(",", "."))
    if single and not (grouped and (language, grouped["by"]) == ("en", ",")):
        found.append(close.replace(",", "."))
    return tuple(_normalize_decimal(one) for one in found)


def _normalize_decimal(decimal_text: str) -> str:
    """A number without a plus, leading zeros or zeros behind the last decimal; nothing is never negative."""
    whole, _, rest = decimal_text.lstrip("-+").partition(".")
    text = str(int(whole)) + (f".{rest.rstrip('0')}" if rest.rstrip("0") else "")
    return f"-{text}" if decimal_text.startswith("-") and text != "0" else text


def format_grouped(decimal_text: str, localizer: Localizer) -> str:
    """A number of an address as the language writes it, all its digits; nothing stays nothing."""
    return localizer.number(float(decimal_text), len(decimal_text.partition(".")[2])) if decimal_text else ""


def format_ungrouped(decimal_text: str, language: Language) -> str:
    """The same without its thousands set apart: how to type it so that it has one reading."""
    return decimal_text.replace(".", ",") if language == "fr" else decimal_text

"""Units and amounts as text: catalogue units rescaled to readable magnitudes, numbers rounded to significant digits."""

from dataclasses import dataclass

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.language import Language, Localizer, count_decimals, round_significant
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast

_MAGNITUDE_WORDS = {
    "fr": (("milliards", 1e9), ("millions", 1e6), ("milliers", 1e3)),
    "en": (("billion", 1e9), ("million", 1e6), ("thousand", 1e3)),
}
_MAGNITUDES = ((1e12, "trillions"), (1e9, "billions"), (1e6, "millions"))
_MAX_DECIMALS = 3
_BRACKETED_PREFIXES = ("indice", "index", "%")


@dataclass(frozen=True)
class Display:
    """How values of series are shown: as level, index, growth or log."""

    display: str

    @property
    def is_growth(self) -> bool:
        """Whether values are growth rates, in per cent."""
        return self.display == "growth"


@dataclass(frozen=True)
class DisplayUnit:
    """The unit in which the values of an indicator are shown: `factor` converts them, `noun` follows the number.

    `noun` has its magnitude ("milliards de passagers"); units that are `is_bracketed` are written in brackets.
    """

    factor: float
    noun: str
    is_bracketed: bool
    language: Language
    whole: bool = False  # counts: without decimals, expected ones too
    singular_noun: str = ""  # for values below two, if it differs (1,5 milliard)

    def noun_for(self, value: float) -> str:
        """The noun that follows a value."""
        return self.singular_noun if self.singular_noun and abs(self.convert(value)) < 2 else self.noun

    def convert(self, value: float) -> float:
        """A value in this unit."""
        return value * self.factor


def prefix_de(noun: str) -> str:
    """A French noun with de, or d' before a vowel: in our units every h is mute and no y is a vowel."""
    return f"d'{noun}" if noun[:1].lower() in "aeéèêiîoôuh" else f"de {noun}"


def split_magnitude(unit: str, language: Language) -> tuple[float, str]:
    """Splits a unit into magnitude and noun: "millions de dollars" -> (1e6, "dollars")."""
    for word, size in _MAGNITUDE_WORDS[language]:
        if unit.startswith(word + " "):
            rest = unit.removeprefix(word + " ")
            return size, rest.removeprefix("de ").removeprefix("d'") if language == "fr" else rest
    return 1.0, unit


def choose_unit(indicator: Indicator, values: FloatArray, localizer: Localizer) -> DisplayUnit:
    """The unit with the largest magnitude that leaves the largest value at one or more."""
    language = localizer.language
    present = values[np.isfinite(values)]
    largest = float(np.abs(present).max(initial=0))
    is_count = bool((present == np.round(present)).all()) and indicator.kind in ("flow", "stock")
    text = indicator.unit_fr if language == "fr" else indicator.unit_en
    size, noun = split_magnitude(text, language)
    bracketed = text.startswith(_BRACKETED_PREFIXES) or indicator.kind == "rate"
    for scale, name in _MAGNITUDES:
        if name == "trillions" and language == "fr":
            continue  # 2 740 milliards, not 2,74 milliers de milliards
        if not bracketed and abs(largest) * size >= scale:
            joined = prefix_de(noun) if language == "fr" else noun
            plural_noun, singular_noun = (localizer.plural(f"unit.{name}", n, unit=joined) for n in (2, 1))
            return DisplayUnit(size / scale, plural_noun, bracketed, language, singular_noun=singular_noun)
    return DisplayUnit(size, localizer.typeset(noun), bracketed, language, whole=is_count and size == 1)


def format_amount(value: float, unit: DisplayUnit, localizer: Localizer, *, exact: bool = True, digits: int = 3) -> str:
    """A value with its unit, for a sentence: "4,67 milliards de passagers", "112 (indice, 2021 = 100)".

    `exact` keeps all the digits of an observed count; an expected value has `digits` significant ones.
    """
    text = format_number(unit.convert(value), localizer, digits, whole=unit.whole, exact=exact)
    return append_unit(text, unit.noun_for(value), unit)


def append_unit(text: str, noun: str, unit: DisplayUnit) -> str:
    """A number and its unit: "1,90 % du PIB", in English "1.90% of GDP"; a unit that is no noun is put in brackets."""
    if noun.startswith("%"):
        return f"{text}\u00a0{noun}" if unit.language == "fr" else f"{text}{noun}"
    return f"{text} ({noun})" if unit.is_bracketed else f"{text} {noun}"


def format_interval(
    forecast: Forecast, steps: int, level: int, unit: DisplayUnit, localizer: Localizer, digits: int = 3
) -> tuple[str, str, str]:
    """The ends of the interval of a level after some steps of a forecast, then the upper end with its unit."""
    level_index = INTERVAL_LEVELS.index(level)
    low, high = float(forecast.low[steps - 1, level_index]), float(forecast.high[steps - 1, level_index])
    ends = [format_number(unit.convert(value), localizer, digits, whole=unit.whole) for value in (low, high)]
    return ends[0], ends[1], append_unit(ends[1], unit.noun_for(high), unit)


def format_number(
    value: float, localizer: Localizer, digits: int = 3, *, whole: bool = False, exact: bool = False
) -> str:
    """A value with `digits` significant digits; `whole`: without decimals, `exact`: with all its integer digits."""
    if exact and (whole or abs(value) >= 10**digits):
        return localizer.number(round(value))
    decimals = 0 if whole else count_decimals(value, digits)
    if decimals > _MAX_DECIMALS:  # rounding to significant digits first could change the last decimal
        return localizer.number(value, _MAX_DECIMALS)
    return localizer.number(round_significant(value, digits), decimals)

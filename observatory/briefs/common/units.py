"""Units and amounts as text: catalogue units rescaled to readable magnitudes, numbers rounded to significant digits."""

import re
from dataclasses import dataclass, replace

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.language import Language, Localizer, count_decimals, power_of_ten, round_significant
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast

_MAGNITUDE_WORDS = {
    "fr": (("milliards", 1e9), ("millions", 1e6), ("milliers", 1e3)),
    "en": (("billion", 1e9), ("million", 1e6), ("thousand", 1e3)),
}
MAGNITUDES = ((1e12, "trillions"), (1e9, "billions"), (1e6, "millions"))
_SMALL_POWERS = ((3, "thousands"), (6, "millions"), (9, "billions"), (12, "trillions"))  # of ten, and their words
_MAX_POWER = 18
_RESCALED_BELOW = 0.1  # a series whose largest value is smaller gets a unit with its power
_MAX_DECIMALS = 3
_SMALL_DIGITS = 2  # significant ones of a value that so many decimals would write as zero or nearly
# "accidents par vol": a noun for one thing, which can be said of a million things; one of time cannot.
_RATIO_PATTERNS = {
    "fr": re.compile(r"(.+) par ((?!an\b|mois\b|jour\b|heure\b|trimestre\b|semaine\b|minute\b|seconde\b)[^\W\d_]{3,})"),
    "en": re.compile(r"(.+) per ((?!year\b|month\b|day\b|hour\b|quarter\b|week\b|minute\b|second\b)[^\W\d_]{3,})"),
}
_NOUN_DIGITS = 3  # significant ones of the amount that decides between singular and plural
_NOUN_END = re.compile(r" (?:par|pour|de|du|des|en|sur|\u00e0)\b| d['\u2019]|,| \(")  # the complement of a French noun
_INVARIABLE_NOUNS = (  # those in -s that have no other singular
    "accès avis bras bus cas colis concours corps cours encours fois fonds frais mois pays permis poids procès puits "
    "refus succès temps"
)
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
        amount = self.convert(value)
        shown = round(amount) if self.whole else round_significant(amount, _NOUN_DIGITS)
        return self.singular_noun if self.singular_noun and abs(shown) < 2 else self.noun

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


def pluralize(noun: str, language: Language) -> str:
    """The plural of a regular noun of one word."""
    if language == "fr":
        if noun.endswith(("s", "x", "z")):
            return noun
        return f"{noun[:-1]}ux" if noun.endswith("al") else f"{noun}x" if noun.endswith(("eau", "eu")) else f"{noun}s"
    if noun == "person":
        return "people"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def singularize_french(unit: str) -> str:
    """The singular of a French unit, its complement as it is: "charges utiles par an" -> "charge utile par an"."""
    end = _NOUN_END.search(unit)
    head, rest = (unit[: end.start()], unit[end.start() :]) if end else (unit, "")
    words = re.split(r"([ -])", head)
    singular = (_singularize_word(word, is_adjective=index > 0) for index, word in enumerate(words))
    return "".join(singular) + rest


def _singularize_word(word: str, *, is_adjective: bool) -> str:
    """The singular of a French word; an adjective in -ais or -ois (taïwanais) is its own."""
    if not word.islower() or word in _INVARIABLE_NOUNS.split() or (is_adjective and word.endswith(("ais", "ois"))):
        return word
    if word.endswith("aux"):
        return word[:-1] if word.endswith("eaux") else f"{word[:-3]}al"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _build_small_unit(noun: str, largest: float, localizer: Localizer, *, is_bracketed: bool) -> DisplayUnit:
    """The unit for values below one: "accidents par million de vols", else "× 10⁻⁶ unités"."""
    language = localizer.language
    power = next((power for power in range(3, _MAX_POWER, 3) if largest * 10.0**power >= 1), _MAX_POWER)
    match, word = _RATIO_PATTERNS[language].fullmatch(noun), dict(_SMALL_POWERS).get(power)
    if match and word and match[2].islower():
        of = pluralize(match[2], language)
        many = localizer.plural(f"unit.{word}", 1, unit=prefix_de(of) if language == "fr" else of)
        text = localizer.text("unit.ratio", unit=match[1], of=many)
        singular = singularize_french(text) if language == "fr" and not is_bracketed else ""
        return DisplayUnit(10.0**power, text, is_bracketed, language, singular_noun=singular)
    name = f"({noun})" if is_bracketed and not noun.startswith("%") else noun
    return DisplayUnit(
        10.0**power, localizer.typeset(f"{power_of_ten(-power)} {name}"), is_bracketed=False, language=language
    )


def choose_unit(
    indicator: Indicator, values: FloatArray, localizer: Localizer, *, is_rescaled: bool = True
) -> DisplayUnit:
    """The unit with the largest magnitude that leaves the largest value at one or more.

    Small values get a unit with a power of ten, unless `is_rescaled` is false: readers type values in that unit.
    """
    language = localizer.language
    present = values[np.isfinite(values)]
    largest = float(np.abs(present).max(initial=0))
    is_count = bool((present == np.round(present)).all()) and indicator.kind in ("flow", "stock")
    text = indicator.unit_fr if language == "fr" else indicator.unit_en
    size, noun = split_magnitude(text, language)
    bracketed = text.startswith(_BRACKETED_PREFIXES) or indicator.kind == "rate"
    for scale, name in MAGNITUDES:
        if name == "trillions" and language == "fr":
            continue  # 2 740 milliards, not 2,74 milliers de milliards
        if not bracketed and abs(largest) * size >= scale:
            joined = prefix_de(noun) if language == "fr" else noun
            plural_noun, singular_noun = (localizer.plural(f"unit.{name}", n, unit=joined) for n in (2, 1))
            return DisplayUnit(size / scale, plural_noun, bracketed, language, singular_noun=singular_noun)
    if is_rescaled and 0 < largest * size < _RESCALED_BELOW:
        small = _build_small_unit(noun, largest * size, localizer, is_bracketed=bracketed)
        return replace(small, factor=small.factor * size)
    singular = "" if bracketed or language == "en" else localizer.typeset(singularize_french(noun))
    return DisplayUnit(
        size, localizer.typeset(noun), bracketed, language, whole=is_count and size == 1, singular_noun=singular
    )


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
        return localizer.number(value)
    decimals = 0 if whole else count_decimals(value, digits)
    if decimals > _MAX_DECIMALS:  # rounding to significant digits first could change the last decimal
        is_small = abs(value) < 10.0**-_MAX_DECIMALS
        return localizer.number(value, count_decimals(value, _SMALL_DIGITS) if is_small else _MAX_DECIMALS)
    return localizer.number(round_significant(value, digits), decimals)

"""French and English: messages, numbers, dates, periods and typography, with nothing global to the process."""

import gettext
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_currency_name, get_currency_symbol

from observatory.typography import MINUS, NARROW_NBSP, NBSP, typeset

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
MESSAGES_DIR = Path(__file__).resolve().parent / "messages"

NO_VALUE = "\u2013"  # in a table cell without a figure
LOCALES: Mapping[Language, Locale] = {"fr": Locale("fr"), "en": Locale("en", "GB")}

_PARIS_TZ = ZoneInfo("Europe/Paris")  # where the readers are
MAX_MAGNITUDE = 1e18  # no figure of an economy is larger; what is is written with a power of ten
_MIN_MAGNITUDE = 1e-15  # what is smaller is noise of the arithmetic, hence zero
_MIN_GROWTH = 1e-12  # a smaller rate is noise of the division that it comes from
_SMALL_DIGITS = 2  # significant digits of a number that its decimals would write as zero
_SUPERSCRIPTS = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_MAX_EXACT_FLOAT = 1e9  # below it a rounded float, written with its decimals, is the number that it stands for
_NUMBER_SEPARATORS: Mapping[Language, dict[int, str]] = {
    "fr": str.maketrans({",": NARROW_NBSP, ".": ",", "-": MINUS}),
    "en": str.maketrans({"-": MINUS}),
}

# Upper end (rounded per cent) and message of each probability word; symmetric, so word and number never disagree.
PROBABILITY_WORDS = (
    (5, "probability.almost_none"),
    (20, "probability.very_unlikely"),
    (40, "probability.unlikely"),
    (59, "probability.even"),
    (79, "probability.likely"),
    (94, "probability.very_likely"),
    (100, "probability.almost_certain"),
)


@lru_cache(maxsize=len(LANGUAGES))
def _load_translations(language: Language) -> gettext.GNUTranslations:
    with (MESSAGES_DIR / f"{language}.po").open("rb") as source:
        catalog = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Localizer:
    """Localization into one language: `text` and `plural` look messages up, the rest format figures and dates."""

    language: Language

    # -- messages ---------------------------------------------------------------------------------------------

    def text(self, key: str, **values: object) -> str:
        """The message of a key, filled and typeset. Raises KeyError for a key that no catalogue has."""
        template = _load_translations(self.language).gettext(key)
        if template == key:
            raise KeyError(key)
        return typeset(
            template.format(**values) if values else template.replace("{{", "{").replace("}}", "}"), self.language
        )

    def plural(self, key: str, n: int, **values: object) -> str:
        """The message of a key in the plural form of a number, which is available as {n}, with separators."""
        template = _load_translations(self.language).ngettext(key, key + "+", n)
        if template in (key, key + "+"):
            raise KeyError(key)
        return typeset(template.format(n=self.number(n), **values), self.language)

    def error_text(self, key: str, values: Mapping[str, object]) -> str:
        """The sentence of an error; one with plural forms takes that of `count` among its values."""
        number = values.get("count")
        if isinstance(number, int) and self._has_plural(key):
            return self.plural(key, number, **{name: value for name, value in values.items() if name != "count"})
        return self.text(key, **values)

    def _has_plural(self, key: str) -> bool:
        return _load_translations(self.language).ngettext(key, key + "+", 1) != key

    def typeset(self, text: str) -> str:
        """Text of the catalogue with the typography of the language."""
        return typeset(text, self.language)

    def field_text(self, entity: object, name: str) -> str:
        """A bilingual attribute of a noun of the catalogue (`title` -> title_fr or title_en), typeset."""
        return self.typeset(str(getattr(entity, f"{name}_{self.language}")))

    def list_text(self, parts: Iterable[str]) -> str:
        """Parts as a list in words: a, b et c."""
        return format_list(list(parts), locale=LOCALES[self.language])

    def join_clauses(self, parts: Iterable[str]) -> str:
        """Parts that may hold commas, with the semicolon of the language between them."""
        return self.typeset((" ; " if self.language == "fr" else "; ").join(parts))

    # -- numbers ----------------------------------------------------------------------------------------------

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with thousands separators, a true minus and a fixed number of decimals.

        One that is not zero never reads as zero: where its decimals would say so, it gets two significant digits.
        """
        if not math.isfinite(value):
            return NO_VALUE
        if abs(value) >= MAX_MAGNITUDE:
            exponent = math.floor(math.log10(abs(value)))
            return f"{self.number(value / 10.0**exponent, _SMALL_DIGITS)}{NBSP}{power_of_ten(exponent)}"
        rounded = round_decimals(value, decimals)
        if rounded != round(rounded, decimals):
            decimals = count_decimals(rounded, 1 if rounded == round_significant(rounded, 1) else _SMALL_DIGITS)
        # What Babel writes, without its copies of a number: a page has a thousand of them.
        if abs(rounded) < _MAX_EXACT_FLOAT:
            return f"{rounded:,.{decimals}f}".translate(_NUMBER_SEPARATORS[self.language])
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(rounded, format=pattern, locale=LOCALES[self.language]).replace("-", MINUS)

    def percent_digits(self, share: float) -> str:
        """A share as whole per cents, without the sign: "72"; a small one with two significant digits: "0,3"."""
        return str(round_percent(share) or self.number(share * 100))

    def probability_percent(self, chance: float) -> str:
        """A probability as whole per cents, without the sign; the ends are words, for no forecast is certain."""
        rounded = round_percent(chance)
        return self.text(f"odds.{rounded}") if rounded in {0, 100} else str(rounded)

    def percent_text(self, share: float) -> str:
        """A share as whole per cents with the sign."""
        return f"{self.percent_digits(share)}{self.percent_sign}"

    def probability_word(self, share: float) -> str:
        """The word of a probability, from its rounded per cent."""
        rounded = round_percent(share)
        return self.text(next(key for end, key in PROBABILITY_WORDS if rounded <= end))

    def chances(self, level: int) -> str:
        """The odds that a range of a level holds, the one phrase for them everywhere: "8 chances sur 10"."""
        return self.text(f"chances.{level}")

    def growth(self, rate: float) -> str:
        """A growth rate with its sign and one decimal: "+4,1 %"; a small one with two digits: "+0,041 %"."""
        value = rate * 100 if abs(rate) >= _MIN_GROWTH else 0.0
        sign = "+" if value > 0 else MINUS if value < 0 else ""
        return f"{sign}{self.number(abs(value), 1)}{self.percent_sign}"

    def growth_digits(self, rate: float) -> str:
        """A growth as `growth` writes it, without the sign of per cent: beside another one that has it."""
        return self.growth(rate).removesuffix(self.percent_sign)

    def currency_name(self, code: str) -> str:
        """The name of a currency by its ISO code: dollar des États-Unis; the code where it has none."""
        return str(get_currency_name(code, locale=LOCALES[self.language]))

    def currency_symbol(self, code: str) -> str:
        """The sign of a currency by its ISO code: $, £; the code where it has none."""
        return "$" if code == "USD" else str(get_currency_symbol(code, locale=LOCALES[self.language]))

    @property
    def percent_sign(self) -> str:
        """The sign, with the space that French wants before it."""
        return NBSP + "%" if self.language == "fr" else "%"

    def level(self, value: float, digits: int = 3) -> str:
        """A level for a sentence: some significant digits, as millions or billions where it is that large."""
        for size, key in ((1e12, "number.trillion"), (1e9, "number.billion"), (1e6, "number.million")):
            if abs(value) >= size:
                part = value / size
                shown = (
                    self.number(part, count_decimals(part, digits)).rstrip("0").rstrip(",.")
                    if abs(part) < 100
                    else self.number(part)
                )
                return self.text(key, n=shown)
        return self.number(round_significant(value, digits), count_decimals(value, digits))

    # -- dates ------------------------------------------------------------------------------------------------

    def day(self, when: date) -> str:
        """22 novembre 2026; the first of a month is 1er in French."""
        text = format_date(when, "d MMMM y", locale=LOCALES[self.language])
        if self.language == "fr":
            text = re.sub(r"^1 ", "1er ", text).replace(" ", NBSP)
        return text.replace(" ", NBSP)

    def day_short(self, when: date) -> str:
        """A day where there is little room: 22 nov. 2026."""
        text = format_date(when, "d MMM y", locale=LOCALES[self.language])
        if self.language == "fr":
            text = re.sub(r"^1 ", "1er ", text)
        return text.replace(" ", NBSP)

    def period(self, period: str) -> str:
        """The label of a period: 2027, T1 2026, août 2026."""
        year, _, part = period.partition("-")
        if not part:
            return year
        if part.startswith("Q"):
            return f"{'T' if self.language == 'fr' else 'Q'}{part[1]}{NBSP}{year}"
        return _format_month(self.language, "MMMM y", int(year), int(part))

    def period_short(self, period: str) -> str:
        """The label of a period where there is little room: déc. 2026."""
        year, _, part = period.partition("-")
        if not part or part.startswith("Q"):
            return self.period(period)
        return _format_month(self.language, "MMM y", int(year), int(part))

    def period_phrase(self, period: str) -> str:
        """A period inside a sentence: en 2027, au premier trimestre 2026, en août 2026."""
        year, _, part = period.partition("-")
        if part.startswith("Q"):
            return self.text(f"period.in.q{part[1]}", year=year)
        return self.text("period.in", period=self.period(period))

    def period_until(self, period: str) -> str:
        """A period as an end: jusqu'en 2027, jusqu'au premier trimestre 2026, jusqu'en août 2026."""
        year, _, part = period.partition("-")
        if part.startswith("Q"):
            return self.text(f"period.until.q{part[1]}", year=year)
        return self.text("period.until", period=self.period(period))

    def datetime_text(self, when: datetime) -> str:
        """22 novembre 2026 à 14 h 05, heure de Paris."""
        local = when.astimezone(_PARIS_TZ)
        return self.text("moment.clock", day=self.day(local.date()), hour=local.hour, minute=f"{local.minute:02d}")

    def datetime_day(self, when: datetime) -> str:
        """The day of a moment (the Observatory dates its editions by the day)."""
        return self.day(when.date())


@lru_cache(maxsize=4096)
def _format_month(language: Language, pattern: str, year: int, month: int) -> str:
    """A month of the calendar by a pattern, cached: tables repeat the same ones."""
    return format_date(date(year, month, 1), pattern, locale=LOCALES[language]).replace(" ", NBSP)


def round_percent(share: float) -> int:
    """A share as a whole per cent, half up."""
    return math.floor(share * 100 + 0.5)


def round_decimals(value: float, decimals: int) -> float:
    """A value rounded to some decimals; one that would become zero keeps two significant digits."""
    rounded = round(value, decimals) + 0.0
    if rounded or not abs(value) >= _MIN_MAGNITUDE:
        return rounded
    return round_significant(value, _SMALL_DIGITS)


def power_of_ten(exponent: int) -> str:
    """The factor that a number is multiplied by, as text: "× 10⁻⁶"."""
    return f"\u00d7{NBSP}10{str(exponent).translate(_SUPERSCRIPTS)}"


def round_significant(value: float, digits: int) -> float:
    """A value rounded to some significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def count_decimals(value: float, digits: int) -> int:
    """Number of decimals that show some significant digits of a value."""
    if value == 0 or not math.isfinite(value):
        return 0
    return max(0, digits - 1 - math.floor(math.log10(abs(value))))


def negotiate_language(header: str | None, default: Language = "fr") -> Language:
    """The language of a browser ("fr-FR", or an Accept-Language header), or the default."""
    for part in (header or "").lower().replace("_", "-").split(","):
        name = part.split(";")[0].strip()[:2]
        for language in LANGUAGES:
            if name == language:
                return language
    return default

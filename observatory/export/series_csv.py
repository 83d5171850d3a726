"""A series as CSV: observed and expected values with source, licence and vintage on every row."""

import csv
import io

import numpy as np

from observatory.catalogue.periods import period
from observatory.language import Language, Speaker
from observatory.outlook.outlook import Outlook
from observatory.settings import LEVELS
from observatory.tables import Key

COLUMNS = (
    "indicator",
    "geo",
    "item",
    "period",
    "nature",
    "value",
    *(f"{side}_{level}" for level in LEVELS for side in ("low", "high")),
    "unit",
    "source",
    "licence",
    "vintage",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four full width


def series_csv(outlook: Outlook, key: Key, language: Language) -> bytes:
    """The CSV of a series: French dialect (`;`, decimal comma, BOM for Excel) or international (`,`, point)."""
    speaker = Speaker(language)
    row, history = outlook.catalogue.indicators[key[0]], outlook.panel[key]
    source = outlook.catalogue.sources[row.source]
    unit = row.unit_fr if language == "fr" else row.unit_en
    licence = source.licence_fr if language == "fr" else source.licence_en
    tail = [neutral(text) for text in (unit, source.attribution, licence)] + [
        f"{'reconstructed' if outlook.rebuilt else outlook.number} ({outlook.day})"
    ]
    nature = {name: speaker.say(f"table.{name}") for name in ("observed", "expected")}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    empty = [""] * (2 * len(LEVELS))
    for place, value in enumerate(history.values):
        if np.isfinite(value):
            when = period(history.first + place, history.frequency)
            writer.writerow([*key, when, nature["observed"], _number(float(value), language), *empty, *tail])
    forecast = outlook.forecasts.get(key)
    for step in range(len(forecast.median) if forecast is not None else 0):
        assert forecast is not None
        sides = [float(side[step, level]) for level in range(len(LEVELS)) for side in (forecast.low, forecast.high)]
        when = period(forecast.origin + step + 1, forecast.frequency)
        figures = [_number(_short(value), language) for value in (float(forecast.median[step]), *sides)]
        writer.writerow([*key, when, nature["expected"], *figures, *tail])
    return ("\ufeff" if language == "fr" else "").encode() + out.getvalue().encode("utf-8")


def neutral(text: str) -> str:
    """Text that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(value: float, language: Language) -> str:
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return text.replace(".", ",") if language == "fr" else text


def _short(value: float) -> float:
    return float(f"{value:.6g}")

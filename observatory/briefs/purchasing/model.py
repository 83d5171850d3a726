"""The nouns and words that the page on purchases is made of: months, odds, what is asked of an input."""

from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.model import Chapter, Figure, Listing, Table
from observatory.briefs.common.units import Unit, followed, number, unit_of
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_of, ordinal, period
from observatory.language import Speaker, round_to, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import STEPS, inputs, paths_of
from observatory.outlook.purchasing.threshold_odds import chances
from observatory.selection import Selection
from observatory.timeseries import Floats, Forecast, History

BY = (6, 12, 18, 24)  # months ahead on offer
USUAL_BY = 12
AWAY = 0.1  # the page's own threshold, from the last value
TYPICAL_YEARS = 10
SWINGS = ((0.05, "small"), (0.15, "medium"), (0.30, "large"), (9.9, "huge"))
LEAST, MOST = 5, 95  # per cent: what past chances support; beyond, they came true less often than they said


@dataclass(frozen=True)
class Share:
    """One input of a basket: its short name in the address, its title, its share as typed."""

    code: str
    title: str
    share: int


@dataclass(frozen=True)
class Purchasing:
    """The page on purchases: one input against a threshold, a basket, all inputs, the moment, what it was worth."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    indicator: str
    threshold: str  # as an address writes it
    side: str
    by: str
    by_choices: tuple[tuple[str, str], ...]
    main: Figure | None
    ladder: Table | None
    basket: Figure | None
    basket_said: tuple[str, ...]
    shares: tuple[Share, ...]
    offered: tuple[tuple[str, str], ...]
    listing: Listing
    timing: Chapter | None
    record: Chapter | None


@dataclass(frozen=True)
class Asked:
    """What a reader asks of one input: a threshold, on which side, by which month (a step after the last one)."""

    indicator: Indicator
    history: History
    forecast: Forecast
    unit: Unit
    paths: Floats | None
    threshold: float
    above: bool
    step: int

    @property
    def now(self) -> float:
        """The last value known."""
        return float(self.history.values[-1])

    @property
    def passed(self) -> bool:
        """Whether the last value is past the threshold already."""
        return self.now >= self.threshold if self.above else self.now <= self.threshold

    @property
    def until(self) -> str:
        """The month asked for."""
        return period(self.history.last + self.step, "M")

    def odds(self) -> tuple[float, float] | None:
        """The chance in some month by then, and in that very month; None where no paths were stored."""
        return None if self.paths is None else chances(self.paths, self.threshold, self.above, self.step)


def plain_of(value: float) -> str:
    """A number as an address writes it."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def forecast_inputs(outlook: Outlook) -> list[Indicator]:
    """The inputs that are forecast, in their order."""
    found = []
    for row in inputs(outlook.catalogue):
        forecast = outlook.forecasts.get(outlook.headline(row))
        if forecast is not None and len(forecast.median) >= STEPS:
            found.append(row)
    return found


def usual_side(indicator: str) -> str:
    """What a buyer fears: dearer goods, or a euro that buys less of a currency."""
    return "below" if indicator.startswith("eur_") else "above"


def asked(outlook: Outlook, row: Indicator, selection: Selection, speaker: Speaker) -> Asked:
    """What a selection asks of an input, the page's own choices filled in."""
    key = outlook.headline(row)
    history = outlook.panel[key]
    above = (selection.side or usual_side(row.id)) == "above"
    own = round_to(float(history.values[-1]) * (1 + AWAY if above else 1 - AWAY), 3)
    step, _moved = step_of(outlook, history, selection.by)
    unit = unit_of(row, history.values, speaker)
    threshold = float(selection.threshold) if selection.threshold else own
    return Asked(row, history, outlook.forecasts[key], unit, paths_of(outlook, row.id), threshold, above, step)


def step_of(outlook: Outlook, history: History, by: str) -> tuple[int, bool]:
    """Months from the last one known to the one asked for, and whether it had to be moved within reach."""
    wanted = ordinal(by) if "-" in by else month_of(outlook.day) + (int(by) if by else USUAL_BY)
    step = wanted - history.last
    return max(1, min(step, STEPS)), not 1 <= step <= STEPS


def odds(share: float, speaker: Speaker) -> str:
    """A chance in words and number, no surer than past ones were right to be."""
    percent = whole_percent(share)
    word = speaker.chance(share)
    if percent < LEAST:
        return speaker.say("purchasing.odds.least", word=word, p=LEAST)
    if percent > MOST:
        return speaker.say("purchasing.odds.most", word=word, p=MOST)
    return speaker.say("purchasing.odds", word=word, p=percent)


def brief_odds(share: float, speaker: Speaker) -> str:
    """A chance as a number alone, for a cell."""
    percent = whole_percent(share)
    if not LEAST <= percent <= MOST:
        return speaker.say(
            "purchasing.odds.under" if percent < LEAST else "purchasing.odds.over", p=min(max(percent, LEAST), MOST)
        )
    return speaker.share(share)


def typical(history: History) -> float | None:
    """The move over 12 months that half of the last ten years' moves exceed, as a share; None if too few are known."""
    values = history.values[-12 * (TYPICAL_YEARS + 1) :]
    if len(values) < 36:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.abs(np.log(values[12:] / values[:-12]))
    moves = moves[np.isfinite(moves)]
    return float(np.expm1(np.median(moves))) if moves.size else None


def swing(share: float) -> str:
    """The key of the word for a typical move."""
    return next(name for most, name in SWINGS if share < most)


def digits_of(unit: Unit) -> int:
    """How many significant digits an expected price has here, one more for rates near one."""
    return 4 if unit.bracketed else 3


def level(value: float, unit: Unit, speaker: Speaker) -> str:
    """A price or rate with its unit."""
    return followed(number(unit.shown(value), speaker, digits_of(unit)), unit.noun, unit)

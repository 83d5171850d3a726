"""The figures behind the charts of a brief as numbers: what slides and workbooks draw their own charts from."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from observatory.briefs.common.model import Plot, Run
from observatory.briefs.common.series_view import View
from observatory.briefs.common.units import Unit
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import middle, period
from observatory.language import Speaker, decimals_for, round_to
from observatory.selection import Selection
from observatory.settings import LEVELS
from observatory.timeseries import History

DIGITS = 10  # of an observed value; what comes after is noise of the change of unit
SHOWN = 3  # significant digits of an expected value, as pages show it


def series_plot(
    row: Indicator,
    history: History,
    view: View,
    display: str,
    unit: Unit,
    afterwards: Sequence[tuple[float, float]],
    selection: Selection,
    speaker: Speaker,
) -> Plot:
    """The Plot of a series as it is shown: observed, then expected with its range, then what came afterwards."""
    signed = display == "growth"
    whole = unit.whole and display in ("level", "log")
    frequency = history.frequency
    came = dict(afterwards)
    later = [came.get(middle(at, frequency)) for at in view.ahead]
    past = [_known(float(value), DIGITS) for value in view.past]
    ahead = [[_expected(float(value), signed, whole) for value in part] for part in (view.median, view.low, view.high)]
    codes = tuple(period(at, frequency) for at in (*view.numbers, *view.ahead))
    return Plot(
        kind="line",
        labels=tuple(speaker.period_short(code) for code in codes),
        runs=_runs(past, ahead, later, selection.level, speaker),
        unit="%" if signed else speaker.say("export.plot.index") if display == "index" else unit.noun,
        decimals=1 if signed else 0 if whole else _decimals(view.past),
        signed=signed,
        codes=codes,
        origin=period(history.last, frequency),
        role=row.role,
        from_zero=row.from_zero and display == "level",
        logarithmic=display == "log",
    )


def path_plot(
    before: Mapping[int, float],
    expected: Mapping[int, Sequence[float]],
    came: Mapping[int, float],
    code: Callable[[int], str],
    speaker: Speaker,
    decimals: int = 0,
) -> Plot:
    """The Plot of an index: levels known, then (median, low, high), then what came; keys are periods of one kind."""
    ahead = sorted({*expected, *came} - set(before))
    sides = [[round(expected[at][side], decimals) if at in expected else None for at in ahead] for side in range(3)]
    codes = tuple(code(at) for at in (*sorted(before), *ahead))
    return Plot(
        kind="line",
        labels=tuple(speaker.period_short(name) for name in codes),
        runs=_runs(
            [round(before[at], decimals) for at in sorted(before)],
            sides,
            [round(came[at], decimals) if at in came else None for at in ahead],
            80,
            speaker,
        ),
        unit=speaker.say("export.plot.index"),
        decimals=decimals,
        codes=codes,
        origin=code(max(before)) if before else "",
    )


def bars(labels: Sequence[str], runs: Sequence[tuple[str, str, Sequence[float]]], subtitle: str) -> Plot:
    """The Plot of shares in per cent that stand side by side: (nature, name, values) each; what bars of them show."""
    made = tuple(Run(nature, name, tuple(round(value, 1) for value in values)) for nature, name, values in runs)
    return Plot("bar", tuple(labels), made, "%", from_zero=True, subtitle=subtitle)


def intervals(
    labels: Sequence[str],
    nature: str,
    name: str,
    rows: Sequence[tuple[float, float, float]],
    unit: str,
    decimals: int,
) -> Plot:
    """The Plot of values that each have a range: (value, low, high) a label."""
    value, low, high = (tuple(round(row[side], decimals) for row in rows) for side in range(3))
    return Plot("bar", tuple(labels), (Run(nature, name, value, low, high),), unit, decimals, signed=True)


def points(labels: Sequence[str], across: tuple[str, Sequence[float]], upward: Plot) -> Plot:
    """The Plot of points that each have a range upward: (name, values) across, and the values with ranges."""
    name, values = across
    first = Run("past", name, tuple(round(value, upward.decimals) for value in values))
    return Plot("point", tuple(labels), (first, *upward.runs), upward.unit, upward.decimals, signed=True)


def promised(speaker: Speaker) -> list[tuple[int, str]]:
    """The levels, each with the words for what its ranges promised."""
    return [(level, speaker.say("ranges.promised", level=level)) for level in LEVELS]


def _runs(
    past: Sequence[float | None],
    ahead: Sequence[Sequence[float | None]],
    later: Sequence[float | None],
    level: int,
    speaker: Speaker,
) -> tuple[Run, ...]:
    empty, rest = (None,) * len(past), (None,) * len(later)
    runs = [Run("observed", speaker.say("export.plot.observed"), (*past, *rest))]
    names = ("export.plot.expected", "table.low", "table.high")
    for nature, name, values in zip(("expected", "low", "high"), names, ahead, strict=True):
        if any(value is not None for value in values):
            said = speaker.say(name) if nature == "expected" else speaker.say(name, level=level)
            runs.append(Run(nature, said, (*empty, *values)))
    if any(value is not None for value in later):
        runs.append(Run("came", speaker.say("export.plot.came"), (*empty, *later)))
    return tuple(runs)


def _known(value: float, digits: int) -> float | None:
    return round_to(value, digits) if np.isfinite(value) else None


def _expected(value: float, signed: bool, whole: bool) -> float | None:
    """An expected value with the digits that the page shows."""
    if not np.isfinite(value):
        return None
    if signed:
        return round(value, 1)
    return round_to(value, SHOWN) if not whole else float(round(round_to(value, SHOWN)))


def _decimals(values: Sequence[float] | np.ndarray) -> int:
    """Decimals that show three digits of a usual value, three at most."""
    known = np.abs(np.asarray(values, dtype=float))
    known = known[np.isfinite(known)]
    return min(decimals_for(float(np.median(known)), SHOWN), 3) if len(known) else 0

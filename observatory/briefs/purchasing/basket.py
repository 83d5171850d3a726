"""The reader's basket of inputs: its index in euros, past and expected, and what such ranges were worth."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.chart_context import shades
from observatory.briefs.common.model import Figure, Table, computed
from observatory.briefs.common.plots import path_plot
from observatory.briefs.common.series_figure import heads
from observatory.briefs.purchasing.methodology import of_part
from observatory.briefs.purchasing.model import Asked, Share, forecast_inputs, odds
from observatory.catalogue.periods import middle, period
from observatory.charts.fan import Fan, Step, fan
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.baskets import Basket, basket
from observatory.outlook.purchasing.price_paths import code_of
from observatory.selection import Selection, shares_of
from observatory.settings import LEVELS

EXAMPLE = {"aluminium": 40, "brent": 30, "usd": 30}  # shown until the reader types a basket
HEIGHT = 300
DEARER = 110.0


def chosen(outlook: Outlook, selection: Selection) -> dict[str, int]:
    """The shares of the reader's basket that we can follow, or the example."""
    known = {code_of(row.id) for row in forecast_inputs(outlook)}
    typed = {code: share for code, share in shares_of(selection.basket).items() if code in known}
    return typed or {code: share for code, share in EXAMPLE.items() if code in known}


def basket_shares(outlook: Outlook, selection: Selection, speaker: Speaker) -> tuple[Share, ...]:
    """The shares as they are shown and typed."""
    titles = {code_of(row.id): speaker.of(row, "title") for row in forecast_inputs(outlook)}
    return tuple(Share(code, titles[code], share) for code, share in chosen(outlook, selection).items())


def basket_figure(
    outlook: Outlook, selection: Selection, ask: Asked, speaker: Speaker
) -> tuple[Figure | None, tuple[str, ...]]:
    """The basket as a Figure, and what stands above it."""
    shares = chosen(outlook, selection)
    ids = {code_of(row.id): row.id for row in forecast_inputs(outlook)}
    made = basket(outlook, {ids[code]: share for code, share in shares.items()})
    said = [speaker.say("purchasing.basket.link")]
    if shares != shares_of(selection.basket):
        said.insert(0, speaker.say("purchasing.basket.example"))
    elif sum(shares.values()) != 100:
        said.insert(0, speaker.say("purchasing.basket.sum", sum=sum(shares.values())))
    if made is None:
        return None, (*said, speaker.say("purchasing.basket.none"))
    step = min(ask.history.last + ask.step - made.base, made.paths.shape[1])
    rows = [outlook.catalogue.indicators[ids[code]] for code in shares]
    figure = _figure(outlook, made, max(step, 1), selection, speaker)
    return replace(figure, how=of_part("basket", outlook, rows, speaker)), tuple(said)


def _figure(outlook: Outlook, made: Basket, step: int, selection: Selection, speaker: Speaker) -> Figure:
    at = LEVELS.index(selection.level)
    inner = LEVELS[max(at - 1, 0)]
    sides = [50 - inner / 2, 50 + inner / 2, 50 - selection.level / 2, 50 + selection.level / 2]
    parts = np.percentile(made.paths[:, :step], [50, *sides], axis=0)
    steps = [Step(middle(made.base + 1 + k, "M"), *(float(part[k]) for part in parts)) for k in range(step)]
    runs = [[(middle(made.first + k, "M"), float(value)) for k, value in enumerate(made.past) if np.isfinite(value)]]
    base, until = period(made.base, "M"), period(made.base + step, "M")
    low, high = speaker.number(steps[-1].low), speaker.number(steps[-1].high)
    spec = fan(
        Fan(
            runs=runs,
            steps=steps,
            shades=shades(outlook, speaker, annual=False),
            role="cost",
            last_label=f"100 {speaker.period_in(base)}",
            end_labels=(speaker.number(steps[-1].median), low, high),
            from_zero=False,
            logarithmic=False,
            language=speaker.language,
            height=HEIGHT,
        )
    )
    places = np.flatnonzero(np.isfinite(made.past))
    least, most = places[made.past[places].argmin()], places[made.past[places].argmax()]
    takeaway = speaker.say(
        "purchasing.basket.takeaway",
        base_in=speaker.period_in(base),
        until_in=speaker.period_in(until),
        low=low,
        high=high,
        chances=speaker.say(f"chances.{selection.level}"),
        odds=odds(float((made.paths[:, step - 1] >= DEARER).mean()), speaker),
        least=speaker.number(float(made.past[least])),
        least_in=speaker.period_in(period(made.first + int(least), "M")),
        most=speaker.number(float(made.past[most])),
        most_in=speaker.period_in(period(made.first + int(most), "M")),
    )
    known = {made.first + int(k): float(made.past[k]) for k in places}
    ahead = {made.base + 1 + k: (step.median, step.low, step.high) for k, step in enumerate(steps)}
    return computed(
        name="basket",
        title=speaker.say("purchasing.basket.title"),
        subtitle=speaker.say(
            "purchasing.basket.subtitle",
            base=speaker.period(base),
            inner=speaker.say(f"chances.of.{inner}"),
            outer=speaker.say(f"chances.of.{selection.level}"),
        ),
        spec=spec,
        takeaway=takeaway,
        honesty=_held(outlook, selection, speaker),
        notes=(speaker.say("purchasing.basket.how"),),
        source_line=speaker.say("purchasing.basket.source", base=speaker.period(base)),
        table=_table(made, steps, selection, speaker),
        plot=path_plot(known, ahead, {}, lambda month: period(month, "M"), speaker, decimals=1),
    )


def _held(outlook: Outlook, selection: Selection, speaker: Speaker) -> tuple[str, ...]:
    found = (outlook.replay.get("inputs") or {}).get("baskets") or {}
    counts = found.get("held", {}).get("12")
    if not counts or not counts[0]:
        return ()
    share = counts[1 + LEVELS.index(selection.level)] / counts[0]
    said = speaker.say(
        "purchasing.basket.held",
        level=selection.level,
        coverage=whole_percent(share),
        baskets=speaker.number(found["baskets"]),
        dates=speaker.number(found["dates"]),
    )
    if share < selection.level / 100 - 0.05:
        said = f"{said} {speaker.say('honesty.too_narrow')}"
    return (said,)


def _table(made: Basket, steps: list[Step], selection: Selection, speaker: Speaker) -> Table:
    """The figures of the chart, newest first."""
    rows = [
        (
            speaker.period(period(made.base + 1 + k, "M")),
            speaker.say("table.expected"),
            *(speaker.number(value, 1) for value in (step.median, step.low, step.high)),
        )
        for k, step in reversed(list(enumerate(steps)))
    ]
    rows += [
        (speaker.period(period(made.first + k, "M")), speaker.say("table.observed"), speaker.number(value, 1), "", "")
        for k, value in reversed(list(enumerate(made.past)))
        if np.isfinite(value)
    ]
    return Table(speaker.say("purchasing.basket.title"), heads(selection.level, speaker), tuple(rows))

"""What the page on purchases says: one input against the reader's threshold, all inputs, the moment to negotiate."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from observatory.briefs.basket import basket_figure, basket_shares
from observatory.briefs.behind import came, shades, what_came
from observatory.briefs.bought import of_input
from observatory.briefs.brief import Chapter, Figure, Listing, Table
from observatory.briefs.honesty import credit, honesty, notes_of, source_line, takeaway
from observatory.briefs.inputs import (
    BY,
    USUAL_BY,
    Asked,
    Purchasing,
    asked,
    brief_odds,
    forecast_inputs,
    level,
    odds,
    plain_of,
    shown,
    step_of,
)
from observatory.briefs.moments import record_chapter, rules, study, timing_chapter
from observatory.briefs.offer import listing
from observatory.briefs.plots import series_plot
from observatory.briefs.series import heads
from observatory.briefs.units import number
from observatory.briefs.view import view_of
from observatory.catalogue.nouns import Indicator
from observatory.catalogue.periods import middle, month_of, period
from observatory.charts.fan import Fan, Step, fan
from observatory.language import Speaker, decimals_for, round_to, whole_percent
from observatory.outlook.inputs import SEGMENT, code_of
from observatory.outlook.outlook import Outlook
from observatory.outlook.timing import standing
from observatory.selection import Selection
from observatory.settings import LEVELS

HEIGHT = 340
YEARS = 10
LADDER = (-0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class Parts:
    """What is drawn and listed, in three parts: none is built anew when the reader changes what another one shows."""

    goal: tuple[Figure | None, Table | None]
    basket: tuple[Figure | None, tuple[str, ...]]
    inputs: tuple[Listing, Chapter | None, Chapter | None]


def goal_part(
    outlook: Outlook, selection: Selection, speaker: Speaker, today: date
) -> tuple[Figure | None, Table | None]:
    """One input against the threshold, and the chances of others: whatever the basket."""
    row = _chosen(outlook, selection)
    if row is None:
        return None, None
    ask = asked(outlook, row, selection, speaker)
    return _main(outlook, ask, selection, speaker, today), _ladder(ask, speaker)


def basket_part(outlook: Outlook, selection: Selection, speaker: Speaker) -> tuple[Figure | None, tuple[str, ...]]:
    """The reader's basket, up to the month asked for: whatever the threshold."""
    row = _chosen(outlook, selection)
    return (
        (None, ())
        if row is None
        else basket_figure(outlook, selection, asked(outlook, row, selection, speaker), speaker)
    )


def inputs_part(
    outlook: Outlook, selection: Selection, speaker: Speaker
) -> tuple[Listing, Chapter | None, Chapter | None]:
    """All inputs, the moment to negotiate, what chances were worth: whatever the input, threshold and basket."""
    rows = forecast_inputs(outlook)
    if not rows:
        return Listing("", "", (), (), 0), None, None
    return (
        listing(outlook, rows, selection, speaker),
        timing_chapter(outlook, rows, speaker),
        record_chapter(outlook, rows, speaker),
    )


def purchasing(
    outlook: Outlook, selection: Selection, speaker: Speaker, today: date, parts: Parts | None = None
) -> Purchasing:
    """The page of the input that the selection names (the first that is forecast, if it names none)."""
    parts = parts or Parts(
        goal_part(outlook, selection, speaker, today),
        basket_part(outlook, selection, speaker),
        inputs_part(outlook, selection, speaker),
    )
    (main, ladder), (figure, said), (inputs, timing, record) = parts.goal, parts.basket, parts.inputs
    kicker = speaker.say("purchasing.kicker", date=speaker.day(outlook.day))
    chosen = _chosen(outlook, selection)
    if chosen is None:
        lead = speaker.say("purchasing.lead.nothing")
        return Purchasing(
            kicker, lead, (), (), (), "", "", "above", "", (), None, None, None, (), (), (), inputs, None, None
        )
    ask, rows = asked(outlook, chosen, selection, speaker), forecast_inputs(outlook)
    return Purchasing(
        kicker=kicker,
        lead=_lead(ask, selection, speaker),
        under=_under(outlook, ask, speaker),
        notices=_notices(outlook, ask, selection, speaker),
        choices=tuple((row.id, speaker.of(row, "title")) for row in rows),
        indicator=chosen.id,
        threshold=selection.threshold or plain_of(ask.threshold),
        side="above" if ask.above else "below",
        by=selection.by or str(USUAL_BY),
        by_choices=_by_choices(outlook, selection, speaker),
        main=main,
        ladder=ladder,
        basket=figure,
        basket_said=said,
        shares=basket_shares(outlook, selection, speaker),
        offered=tuple((code_of(row.id), speaker.of(row, "title")) for row in rows),
        listing=_with_basket(inputs, selection),
        timing=timing,
        record=record,
    )


def _chosen(outlook: Outlook, selection: Selection) -> Indicator | None:
    """The input that a selection names, else the first one."""
    rows = forecast_inputs(outlook)
    return next((row for row in rows if row.id == selection.indicator), rows[0] if rows else None)


def _with_basket(inputs: Listing, selection: Selection) -> Listing:
    """The list with links that keep the reader's basket."""
    rows = (replace(row, target=replace(row.target, basket=selection.basket)) for row in inputs.entries)
    return replace(inputs, entries=tuple(rows))


def _threshold(ask: Asked, selection: Selection, speaker: Speaker) -> str:
    if selection.threshold:
        return shown(selection.threshold, speaker)
    return speaker.number(ask.threshold, min(decimals_for(ask.threshold, 3), 3))


def _until(ask: Asked, speaker: Speaker) -> str:
    return speaker.period_in(ask.until)


def _goal(ask: Asked, selection: Selection, speaker: Speaker) -> dict[str, str]:
    noun = ask.unit.noun
    return {
        "title": speaker.of(ask.indicator, "title"),
        "threshold": _threshold(ask, selection, speaker),
        "unit": f"({noun})" if ask.unit.bracketed else noun,
        "until": speaker.period(ask.until),
        "until_in": _until(ask, speaker),
    }


def _lead(ask: Asked, selection: Selection, speaker: Speaker) -> str:
    goal, side = _goal(ask, selection, speaker), "above" if ask.above else "below"
    found = ask.odds()
    if found is None:
        return speaker.say("purchasing.lead.no_paths", **goal)
    if ask.passed:
        return speaker.say(f"purchasing.lead.passed.{side}", odds=odds(found[1], speaker), **goal)
    return speaker.say(f"purchasing.lead.{side}", odds=odds(found[0], speaker), **goal)


def _under(outlook: Outlook, ask: Asked, speaker: Speaker) -> tuple[str, ...]:
    found = ask.odds()
    if found is None:
        return (speaker.say("purchasing.no_paths"),)
    said = [_held(outlook, found[1 if ask.passed else 0], ask.passed, speaker)]
    if not ask.passed:
        said.append(speaker.say("purchasing.then", until_in=_until(ask, speaker), odds=odds(found[1], speaker)))
    if ask.indicator.id.startswith("eur_"):
        said.append(speaker.say("purchasing.currency"))
    said.append(speaker.say(_moment(outlook, ask)))
    return tuple(part for part in said if part)


def _moment(outlook: Outlook, ask: Asked) -> str:
    """Whether a rule that proved usable is raised by this input today."""
    usable = {row["rule"] for row in rules(outlook) if row["usable"]}
    if usable & set(standing(ask.history)):
        return "purchasing.timing.raised"
    return "purchasing.timing.not_raised" if usable else "purchasing.timing.none"


def _held(outlook: Outlook, share: float, then: bool, speaker: Speaker) -> str:
    """How often chances like this one came true."""
    found = (study(outlook).get("crossings") or {}).get("then" if then else "some") or {}
    for low, high, n, _said, happened in found.get("bins", ()):
        if low <= share < high or share == 1 == high:
            return speaker.say(
                "purchasing.held",
                low=whole_percent(low),
                high=whole_percent(high),
                came=whole_percent(happened),
                n=speaker.number(n),
            )
    return ""


def _notices(outlook: Outlook, ask: Asked, selection: Selection, speaker: Speaker) -> tuple[str, ...]:
    said = []
    if step_of(outlook, ask.history, selection.by)[1]:
        said.append(speaker.say("purchasing.notice.by", by=selection.by, until=speaker.period(ask.until)))
    known = {code_of(row.id) for row in forecast_inputs(outlook)}
    strange = [part.split(":")[0] for part in selection.basket.split(",") if part and part.split(":")[0] not in known]
    if strange:
        said.append(speaker.say("purchasing.notice.basket", names=", ".join(strange)))
    if selection.indicator and ask.indicator.id != selection.indicator:
        row = outlook.catalogue.indicators.get(selection.indicator)
        if row is not None and row.segment == SEGMENT:
            said.append(
                speaker.say(
                    "purchasing.notice.input", title=speaker.of(row, "title"), shown=speaker.of(ask.indicator, "title")
                )
            )
    return tuple(said)


def _by_choices(outlook: Outlook, selection: Selection, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    found = {
        str(months): speaker.say(
            "purchasing.by.choice", period=speaker.period_short(period(month_of(outlook.day) + months, "M"))
        )
        for months in BY
    }
    if selection.by and selection.by not in found:
        when = selection.by if "-" in selection.by else period(month_of(outlook.day) + int(selection.by), "M")
        found = {selection.by: speaker.say("purchasing.by.choice", period=speaker.period_short(when)), **found}
    return tuple(found.items())


def _main(outlook: Outlook, ask: Asked, selection: Selection, speaker: Speaker, today: date) -> Figure:
    chosen = replace(selection, unit="level", last=0, first=selection.first or ask.history.last // 12 - YEARS + 1)
    view = view_of(ask.history, ask.forecast, ask.step, chosen, "level", ask.unit)
    goal = _goal(ask, selection, speaker)
    parts = (view.median, view.inner_low, view.inner_high, view.low, view.high)
    steps = [Step(middle(at, "M"), *(float(part[place]) for part in parts)) for place, at in enumerate(view.ahead)]
    key = outlook.headline(ask.indicator)
    afterwards = came(outlook, key, ask.step, chosen, "level", ask.unit) if selection.after else ()
    runs = [
        [
            (middle(at, "M"), float(value))
            for at, value in zip(view.numbers, view.past, strict=True)
            if np.isfinite(value)
        ]
    ]
    row, last = ask.indicator, period(ask.history.last, "M")
    digits = 4 if ask.unit.bracketed else 3
    ends = tuple(number(value, speaker, digits) for value in (steps[-1].median, steps[-1].low, steps[-1].high))
    spec = fan(
        Fan(
            runs=runs,
            steps=steps,
            shades=shades(outlook, speaker, annual=False, afterwards=bool(afterwards)),
            came=afterwards,
            role="cost",
            last_label=f"{number(view.past[-1], speaker, digits)} {speaker.period_in(last)}",
            end_labels=(ends[0], ends[1], ends[2]),
            from_zero=False,
            logarithmic=False,
            language=speaker.language,
            height=HEIGHT,
            line=(
                ask.unit.shown(ask.threshold),
                speaker.say("purchasing.threshold.label", threshold=goal["threshold"]),
            ),
        )
    )
    said = takeaway(ask.unit, ask.history, False, ask.forecast, ask.step, ask.until, selection, speaker)
    found = ask.odds()
    chance = (
        ""
        if found is None
        else speaker.say("purchasing.alt.odds", threshold=goal["threshold"], odds=odds(found[1], speaker))
    )
    table = _values(ask, view, selection, speaker, digits)
    inner = LEVELS[max(LEVELS.index(selection.level) - 1, 0)]
    noun = ask.unit.noun
    subtitle = speaker.say(
        "purchasing.subtitle",
        unit=noun[:1].upper() + noun[1:],
        inner=speaker.say(f"chances.of.{inner}"),
        outer=speaker.say(f"chances.of.{selection.level}"),
    )
    later = (what_came(outlook, key, ask.history.last + ask.step, ask.unit, speaker),) if afterwards else ()
    return Figure(
        indicator=row.id,
        geo=row.headline_geo,
        item=row.headline_item,
        role=row.role,
        title=speaker.of(row, "title"),
        subtitle=subtitle,
        spec=spec,
        alt=f"{speaker.of(row, 'title')}. {said} {chance}".strip(),
        takeaway=said,
        honesty=honesty(ask.forecast, selection, speaker),
        notes=(*later, *notes_of(row, ask.history, True, False, speaker)),
        source_line=source_line(outlook, row, ask.history, speaker, today),
        credit=credit(outlook, row, speaker),
        table=table,
        plot=series_plot(row, ask.history, view, "level", ask.unit, afterwards, selection, speaker),
        how=of_input(outlook, row, speaker),
    )


def _values(ask: Asked, view: Any, selection: Selection, speaker: Speaker, digits: int) -> Table:
    """The figures of the chart, newest first."""
    rows = []
    for place in range(len(view.ahead) - 1, -1, -1):
        figures = (number(float(part[place]), speaker, digits) for part in (view.median, view.low, view.high))
        rows.append((speaker.period(period(view.ahead[place], "M")), speaker.say("table.expected"), *figures))
    for at, value in zip(reversed(view.numbers), view.past[::-1], strict=True):
        text = number(float(value), speaker, 5) if np.isfinite(value) else speaker.say("table.missing")
        rows.append((speaker.period(period(at, "M")), speaker.say("table.observed"), text, "", ""))
    return Table(speaker.of(ask.indicator, "title"), heads(selection.level, speaker), tuple(rows))


def _ladder(ask: Asked, speaker: Speaker) -> Table | None:
    """The chances of several thresholds on both sides of the last value."""
    if ask.paths is None:
        return None
    rows = []
    for away in LADDER:
        value = round_to(ask.now * (1 + away), 4 if ask.unit.bracketed else 3)  # as it is written beside its chance
        there = replace(ask, threshold=value, above=away > 0).odds()
        assert there is not None
        rows.append(
            (
                speaker.say(
                    "purchasing.ladder.above" if away > 0 else "purchasing.ladder.below",
                    value=level(value, ask.unit, speaker),
                    away=speaker.growth(away).replace(",0", "").replace(".0", ""),
                ),
                brief_odds(there[0], speaker),
                brief_odds(there[1], speaker),
            )
        )
    until = speaker.period(ask.until)
    names = (speaker.say(f"purchasing.ladder.head.{name}", until=until) for name in ("threshold", "some", "then"))
    return Table(
        speaker.say("purchasing.ladder.caption", title=speaker.of(ask.indicator, "title")), tuple(names), tuple(rows)
    )

"""What the page on purchases says: one input against the reader's threshold, all inputs, the moment to negotiate."""

from dataclasses import dataclass, replace
from datetime import date

from observatory.briefs.common.model import Chapter, Figure, Listing, Table
from observatory.briefs.purchasing.basket import basket_figure, basket_shares
from observatory.briefs.purchasing.model import (
    BY,
    USUAL_BY,
    Asked,
    Purchasing,
    asked,
    forecast_inputs,
    odds,
    plain_of,
    step_of,
)
from observatory.briefs.purchasing.price_table import listing
from observatory.briefs.purchasing.threshold import goal_figure, goal_of, ladder, until_in
from observatory.briefs.purchasing.timing import record_chapter, rules, study, timing_chapter
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_of, period
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.negotiation import standing
from observatory.outlook.purchasing.price_paths import SEGMENT, code_of
from observatory.selection import Selection


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
    return goal_figure(outlook, ask, selection, speaker, today), ladder(ask, speaker)


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


def _lead(ask: Asked, selection: Selection, speaker: Speaker) -> str:
    goal, side = goal_of(ask, selection, speaker), "above" if ask.above else "below"
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
        said.append(speaker.say("purchasing.then", until_in=until_in(ask, speaker), odds=odds(found[1], speaker)))
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

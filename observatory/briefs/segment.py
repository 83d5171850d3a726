"""What a segment page says: the call and its reasons, the indicators by role, the scenarios."""

from datetime import date

from observatory.briefs import verdict
from observatory.briefs.brief import Figure, Listed, Page, Table
from observatory.briefs.series import figure, spark_of, title_of
from observatory.briefs.units import amount, number, unit_of
from observatory.briefs.view import steps_to
from observatory.catalogue.nouns import ROLES, Indicator
from observatory.catalogue.periods import PER_YEAR, period
from observatory.language import Speaker
from observatory.outlook.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS
from observatory.tables import Key

MAIN_HEIGHT = 340
SMALL_HEIGHT = 250
SMALL_FIGURES = 4


def segment(outlook: Outlook, selection: Selection, speaker: Speaker, today: date) -> Page:
    """The page of `selection.segment` (the first market if it names none)."""
    chosen = outlook.catalogue.segments[selection.segment or next(iter(outlook.catalogue.segments))]
    rows = outlook.catalogue.of_segment(chosen.id)
    call = outlook.calls.get((chosen.id, selection.horizon))
    base_year = next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year
    key, missing = _main(outlook, rows, selection, speaker)
    main = figure(outlook, key, selection, speaker, MAIN_HEIGHT, base_year, today) if key else None
    others = tuple(
        figure(outlook, outlook.headline(row), selection, speaker, SMALL_HEIGHT, base_year, today)
        for row in _small(outlook, rows, key)
    )
    return Page(
        segment=chosen.id,
        kicker=speaker.say("segment.kicker", segment=speaker.of(chosen, "title"), date=speaker.day(outlook.day)),
        lead=_lead(outlook, chosen.id, call, main, speaker),
        call=call.call if call else "",
        call_label=verdict.label(call, speaker) if call else "",
        call_line=verdict.line(outlook, call, speaker) if call else "",
        under=_under(outlook, chosen.id, call, speaker),
        main=main,
        others=others,
        listed=tuple(_listed(outlook, row, speaker) for row in rows),
        reasons=verdict.reasons(outlook, call, speaker) if call else None,
        scenarios=_scenarios(outlook, key, base_year, selection, speaker) if key else None,
        missing=missing,
    )


def _lead(outlook: Outlook, name: str, call: Call | None, main: Figure | None, speaker: Speaker) -> str:
    chosen = outlook.catalogue.segments[name]
    if call is None:
        return main.takeaway.split(". ")[0].rstrip(".") + "." if main else speaker.of(chosen, "summary")
    market_of = speaker.of(chosen, "of")
    if call.why:
        return speaker.say("segment.lead.unclear", market_of=market_of, year=call.year)
    verb = speaker.say(f"call.verb.{call.call}")
    return speaker.say("segment.lead", market_of=market_of, call=verb, year=call.year)


def _under(outlook: Outlook, name: str, call: Call | None, speaker: Speaker) -> tuple[str, ...]:
    said = [speaker.of(outlook.catalogue.segments[name], "summary")]
    if call is None:
        said.append(speaker.say("segment.no_call"))
        return tuple(said)
    said.append(verdict.judged(call, speaker))
    if call.why != "no_data":
        said.append(verdict.warning(call, speaker))
        if sum(row.share for row in call.reasons if outlook.catalogue.indicators[row.indicator].proxy) > 0.5:
            said.append(speaker.say("segment.proxy"))
    return tuple(part for part in said if part)


def _main(
    outlook: Outlook, rows: tuple[Indicator, ...], selection: Selection, speaker: Speaker
) -> tuple[Key | None, str]:
    """The series of the large chart, and a sentence if the place or item asked for has no data."""
    if not rows:
        return None, ""
    chosen = outlook.catalogue.indicators[selection.indicator] if selection.indicator else _first(outlook, rows)
    key = outlook.headline(chosen)
    wanted = (chosen.id, selection.geo or key[1], selection.item)
    if selection.geo or selection.item:
        if wanted in outlook.panel:
            return wanted, ""
        place = outlook.catalogue.geographies[wanted[1]]
        places = dict.fromkeys(
            speaker.of(outlook.catalogue.geographies[geo], "short") for _i, geo, _t in outlook.series(chosen.id)
        )
        return key, speaker.say("empty.place", geo_in=speaker.of(place, "in"), list=", ".join(places))
    return key, ""


def _first(outlook: Outlook, rows: tuple[Indicator, ...]) -> Indicator:
    """The first indicator that has a forecast, in the order of the catalogue; the first one if none has."""
    return next((row for row in rows if _forecast_there(outlook, row)), rows[0])


def _forecast_there(outlook: Outlook, row: Indicator) -> bool:
    forecast = outlook.forecasts.get(outlook.headline(row))
    return forecast is not None and bool(len(forecast.median))


def _small(outlook: Outlook, rows: tuple[Indicator, ...], main: Key | None) -> list[Indicator]:
    """The indicators of the small charts: role by role in turn, those with a forecast first."""
    left = {
        role: sorted(
            (row for row in rows if row.role == role and (main is None or row.id != main[0])),
            key=lambda row: not _forecast_there(outlook, row),
        )
        for role in ROLES
    }
    found: list[Indicator] = []
    while len(found) < SMALL_FIGURES and any(left.values()):
        for role in ("leading", "market", "activity", "cost", "context"):
            if left[role] and len(found) < SMALL_FIGURES:
                found.append(left[role].pop(0))
    return sorted(found, key=lambda row: (ROLES.index(row.role), row.rank, row.id))


def _listed(outlook: Outlook, row: Indicator, speaker: Speaker) -> Listed:
    key = outlook.headline(row)
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = unit_of(row, history.values, speaker)
    last = speaker.say(
        "list.last",
        amount=amount(float(history.values[-1]), unit, speaker),
        period=speaker.period(period(history.last, history.frequency)),
    )
    expected = note = ""
    if forecast is not None and len(forecast.median):
        step = 2 * PER_YEAR[history.frequency]
        at = LEVELS.index(80)
        low, high = (
            number(unit.shown(float(part[step - 1, at])), speaker, whole=unit.whole)
            for part in (forecast.low, forecast.high)
        )
        expected = speaker.say(
            "list.expected",
            value=number(unit.shown(float(forecast.median[step - 1])), speaker, whole=unit.whole),
            low=low,
            high=high,
            period=speaker.period(period(forecast.origin + step, history.frequency)),
        )
    elif forecast is not None:
        note = speaker.say(f"list.{forecast.status}")
    label = speaker.say("list.spark", title=title_of(outlook, key, speaker))
    return Listed(
        row.id,
        speaker.of(row, "title"),
        row.role,
        speaker.say(f"role.{row.role}"),
        last,
        expected,
        spark_of(history, forecast, label),
        note,
    )


def _scenarios(outlook: Outlook, key: Key, base_year: int, selection: Selection, speaker: Speaker) -> Table | None:
    """Low, central and high of the large chart at the end of each year: one outcome in ten is below, or above."""
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    until = steps_to(history, forecast, base_year + selection.horizon)
    if forecast is None or not until:
        return None
    row = outlook.catalogue.indicators[key[0]]
    unit = unit_of(row, history.values, speaker)
    per_year = PER_YEAR[history.frequency]
    ends = [step for step in range(until) if (forecast.origin + 1 + step) % per_year == per_year - 1][-5:]
    if not ends:
        return None
    at = LEVELS.index(80)
    heads = (
        speaker.say("scenario.head"),
        *(speaker.period_short(period(forecast.origin + 1 + step, history.frequency)) for step in ends),
        speaker.say("scenario.assumes"),
    )
    paths = (("low", forecast.low[:, at]), ("base", forecast.median), ("high", forecast.high[:, at]))
    rows = tuple(
        (
            speaker.say(f"scenario.{name}"),
            *(number(unit.shown(float(path[step])), speaker, whole=unit.whole) for step in ends),
            speaker.say(f"scenario.{name}.assumes"),
        )
        for name, path in paths
    )
    caption = speaker.say("scenario.caption", title=title_of(outlook, key, speaker), unit=unit.noun)
    return Table(caption, heads, rows)

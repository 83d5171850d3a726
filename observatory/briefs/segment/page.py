"""What a segment page says: the call and its reasons, the indicators by role, the scenarios."""

from dataclasses import replace
from datetime import date

from observatory.briefs.common import call_text
from observatory.briefs.common.index_figure import HEIGHT, index_figure
from observatory.briefs.common.model import Figure, Listed, Page, Table
from observatory.briefs.common.series_figure import figure, spark_of, title_of
from observatory.briefs.common.series_view import steps_shown, steps_to
from observatory.briefs.common.units import amount, number, span, unit_of
from observatory.briefs.segment import signals
from observatory.briefs.segment.scenarios import together
from observatory.catalogue.models import ROLES, Indicator, Segment
from observatory.catalogue.periods import PER_YEAR, period
from observatory.language import Speaker
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS
from observatory.timeseries import Key

MAIN_HEIGHT = 340
SMALL_HEIGHT = 250
SMALL_FIGURES = 4


def segment(outlook: Outlook, selection: Selection, speaker: Speaker, today: date) -> Page:
    """The page of `selection.segment` (the first market if it names none)."""
    chosen = outlook.catalogue.segments[selection.segment or next(iter(outlook.catalogue.segments))]
    rows = outlook.catalogue.of_segment(chosen.id)
    call = outlook.calls.get((chosen.id, selection.horizon))
    base_year = base_year_of(outlook)
    flags = signals.flags_of(outlook, speaker)
    key, missing = _main(outlook, rows, selection, speaker)
    main = figure(outlook, key, selection, speaker, MAIN_HEIGHT, base_year, today) if key else None
    others = tuple(
        figure(outlook, outlook.headline(row), selection, speaker, SMALL_HEIGHT, base_year, today)
        for row in _small(outlook, rows, key)
    )
    return Page(
        segment=chosen.id,
        kicker=speaker.say("segment.kicker", segment=speaker.of(chosen, "title"), date=speaker.day(outlook.day)),
        lead=_lead(outlook, chosen.id, call, key, selection, base_year, speaker),
        call=call.call if call else "",
        call_label=call_text.label(call, speaker) if call else "",
        call_line=call_text.line(outlook, call, speaker) if call else "",
        under=_under(outlook, chosen.id, call, speaker),
        index=_index(outlook, chosen, call, speaker, bool(selection.after)) if call else None,
        main=main,
        others=others,
        listed=tuple(
            replace(_listed(outlook, row, selection, base_year, speaker), flag=flags.get(row.id, "")) for row in rows
        ),
        reasons=call_text.reasons(outlook, call, speaker) if call else None,
        scenarios=_scenarios(outlook, key, base_year, selection, speaker) if key else None,
        missing=missing,
        together=together(outlook, call, speaker),
        shock=signals.shock(outlook, chosen, speaker),
        signals=signals.leading(outlook, chosen, speaker),
    )


def base_year_of(outlook: Outlook) -> int:
    """The year that the calls of an outlook count from."""
    return next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year


def lead(outlook: Outlook, selection: Selection, speaker: Speaker) -> str:
    """The first sentence of the page, without the rest of it."""
    name = selection.segment or next(iter(outlook.catalogue.segments))
    key, _missing = _main(outlook, outlook.catalogue.of_segment(name), selection, speaker)
    call = outlook.calls.get((name, selection.horizon))
    return _lead(outlook, name, call, key, selection, base_year_of(outlook), speaker)


def meeting_figure(outlook: Outlook, selection: Selection, speaker: Speaker) -> Figure | None:
    """The one chart of a screen, drawn small so that it can be enlarged: the index, or the series asked for."""
    chosen = outlook.catalogue.segments[selection.segment]
    call = outlook.calls.get((chosen.id, selection.horizon))
    if call is not None and not selection.indicator:
        index = _index(outlook, chosen, call, speaker, bool(selection.after), SMALL_HEIGHT)
        if index is not None:
            return index
    key, _missing = _main(outlook, outlook.catalogue.of_segment(chosen.id), selection, speaker)
    if key is None:
        return None
    return figure(outlook, key, selection, speaker, SMALL_HEIGHT, base_year_of(outlook), outlook.day)


def _index(
    outlook: Outlook, chosen: Segment, call: Call, speaker: Speaker, after: bool, height: int = HEIGHT
) -> Figure | None:
    title = speaker.say("index.title", market_of=speaker.of(chosen, "of"))
    return index_figure(outlook, call, title, "index.source", speaker, after, height)


def _lead(
    outlook: Outlook,
    name: str,
    call: Call | None,
    key: Key | None,
    selection: Selection,
    base_year: int,
    speaker: Speaker,
) -> str:
    chosen = outlook.catalogue.segments[name]
    if call is None:
        return _section_lead(outlook, key, selection, base_year, speaker) if key else speaker.of(chosen, "summary")
    market_of = speaker.of(chosen, "of")
    if call.why or call.growth is None or call.low is None or call.high is None:
        return speaker.say("segment.lead.unclear", market_of=market_of, year=call.year)
    return speaker.say(
        "segment.lead",
        market_of=market_of,
        call=speaker.say(f"call.verb.{call.call}"),
        year=call.year,
        growth=speaker.growth(call.growth),
        low=speaker.growth(call.low).removesuffix(speaker.percent_sign),
        high=speaker.growth(call.high),
    )


def _section_lead(outlook: Outlook, key: Key, selection: Selection, base_year: int, speaker: Speaker) -> str:
    """The answer of a section that gets no call: its first series, now and at the horizon."""
    row, history = outlook.catalogue.indicators[key[0]], outlook.panel[key]
    forecast, unit = outlook.forecasts.get(key), unit_of(row, history.values, speaker)
    said = {
        "title": title_of(outlook, key, speaker),
        "last": amount(float(history.values[-1]), unit, speaker),
        "period_in": speaker.period_in(period(history.last, history.frequency)),
    }
    steps = steps_shown(history, forecast, selection, base_year, row.seasonal)
    if forecast is None or not steps:
        return speaker.say("section.lead.past", **said)
    low, high, _noun = span(forecast, steps, 80, unit, speaker)
    end = speaker.period_in(period(forecast.origin + steps, history.frequency))
    return speaker.say("section.lead", **said, low=low, high=high, period_end=end)


def _under(outlook: Outlook, name: str, call: Call | None, speaker: Speaker) -> tuple[str, ...]:
    said = [speaker.of(outlook.catalogue.segments[name], "summary")]
    if call is None:
        said.append(speaker.say("segment.no_call"))
        return tuple(said)
    said.append(call_text.judged(call, speaker))
    if call.growth is not None:
        said.append(speaker.say("segment.basis"))
    if call.why != "no_data":
        said.append(call_text.warning(call, speaker))
        if call_text.mostly_proxy(outlook, call):
            said.append(speaker.say("segment.proxy"))
    return tuple(part for part in said if part)


def _main(
    outlook: Outlook, rows: tuple[Indicator, ...], selection: Selection, speaker: Speaker
) -> tuple[Key | None, str]:
    """The series of the large chart, and a sentence if the place or item asked for has no data."""
    if not rows:
        return None, ""
    chosen = outlook.catalogue.indicators.get(selection.indicator) or _first(outlook, rows)
    key = outlook.headline(chosen)
    wanted = (chosen.id, selection.geo or key[1], selection.item)
    if selection.geo or selection.item:
        if wanted in outlook.panel:
            return wanted, ""
        place = outlook.catalogue.geographies[wanted[1]]
        items = [item for _indicator, geo, item in outlook.series(chosen.id) if geo == wanted[1]]
        if items and selection.item:
            names = [
                speaker.of(outlook.catalogue.items[item], "title") if item else speaker.say("control.total")
                for item in items
            ]
            item = speaker.of(outlook.catalogue.items[selection.item], "title")
            return key, speaker.say("empty.item", item=item, geo_in=speaker.of(place, "in"), list=", ".join(names))
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


def _listed(outlook: Outlook, row: Indicator, selection: Selection, base_year: int, speaker: Speaker) -> Listed:
    key = outlook.headline(row)
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = unit_of(row, history.values, speaker)
    last = speaker.say(
        "list.last",
        amount=amount(float(history.values[-1]), unit, speaker),
        period=speaker.period_short(period(history.last, history.frequency)),
    )
    expected = note = ""
    steps = steps_to(history, forecast, base_year + selection.horizon, row.seasonal)
    if forecast is not None and steps:
        at = LEVELS.index(80)
        figures = (forecast.median[steps - 1], forecast.low[steps - 1, at], forecast.high[steps - 1, at])
        value, low, high = (number(unit.shown(float(part)), speaker, whole=unit.whole) for part in figures)
        when = speaker.period_short(period(forecast.origin + steps, history.frequency))
        expected = speaker.say("list.expected", value=value, low=low, high=high, period=when)
    elif forecast is not None and forecast.status in ("stopped", "too_short"):
        note = speaker.say(f"list.{forecast.status}")
    title = title_of(outlook, key, speaker)
    if len({geo for _indicator, geo, _item in outlook.series(row.id)}) > 1:
        title = f"{title} ({speaker.of(outlook.catalogue.geographies[key[1]], 'short')})"
    spark = spark_of(history, forecast, speaker.say("list.spark", title=title))
    return Listed(row.id, title, row.role, speaker.say(f"role.{row.role}"), last, expected, spark, note)


def _scenarios(outlook: Outlook, key: Key, base_year: int, selection: Selection, speaker: Speaker) -> Table | None:
    """Low, central and high of the large chart at the end of each year: one outcome in ten is below, or above."""
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    row = outlook.catalogue.indicators[key[0]]
    until = steps_shown(history, forecast, selection, base_year, row.seasonal)
    if forecast is None or not until:
        return None
    unit = unit_of(row, history.values, speaker)
    per_year = PER_YEAR[history.frequency]
    ends = list(range(until - 1, -1, -per_year))[:5][::-1]
    if not ends:
        return None
    at = LEVELS.index(80)
    heads = (
        speaker.say("scenario.head"),
        *(speaker.period_short(period(forecast.origin + 1 + step, history.frequency)) for step in ends),
    )
    paths = (("low", forecast.low[:, at]), ("base", forecast.median), ("high", forecast.high[:, at]))
    rows = tuple(
        (
            speaker.say(
                "scenario.row",
                name=speaker.say(f"scenario.{name}"),
                assumes=speaker.say(f"scenario.{name}.assumes"),
            ),
            *(number(unit.shown(float(path[step])), speaker, whole=unit.whole) for step in ends),
        )
        for name, path in paths
    )
    caption = speaker.say("scenario.caption", title=title_of(outlook, key, speaker), unit=unit.noun)
    return Table(caption, heads, rows)

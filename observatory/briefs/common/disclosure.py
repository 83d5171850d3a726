"""The fixed sentences on a series: takeaway, what its forecasts were worth, caveats, freshness, source."""

from datetime import date

from observatory.briefs.common.model import Credit
from observatory.briefs.common.units import Unit, amount, span
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import last_month, month_of, period
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS, MINIMUM_POINTS
from observatory.timeseries import Forecast, History

FEWEST_JUDGED = 10  # fewer past values say nothing of how often a range held


def takeaway(
    unit: Unit,
    history: History,
    cut: bool,
    forecast: Forecast | None,
    steps: int,
    end: str,
    selection: Selection,
    speaker: Speaker,
    digits: int = 3,
) -> str:
    """The last value, and where the next ones should lie, with as many significant digits as on the chart."""
    last = speaker.period_in(period(history.last, history.frequency))
    now = speaker.say(
        "figure.shown" if cut else "figure.last",
        amount=amount(float(history.values[-1]), unit, speaker, digits=digits),
        period_in=last,
    )
    if forecast is None or not steps:
        return now
    low, _high, high = span(forecast, steps, selection.level, unit, speaker, digits)
    ahead = speaker.say(
        "honesty.range",
        chances=speaker.say(f"chances.{selection.level}"),
        period_in=speaker.period_in(end),
        low=low,
        high=high,
    )
    return f"{now} {ahead}"


def honesty(forecast: Forecast | None, selection: Selection, speaker: Speaker) -> tuple[str, ...]:
    """What the forecasts of a series were worth, in the fixed sentences."""
    if forecast is None:
        return ()
    if forecast.status == "too_short":
        return (speaker.say("honesty.too_short", n=forecast.points, min=MINIMUM_POINTS),)
    if forecast.status == "stopped":
        return (speaker.say("honesty.stopped", period=speaker.period(period(forecast.origin, forecast.frequency))),)
    reference = reference_name(forecast, speaker)
    said = []
    if forecast.gain is None:
        said.append(speaker.say("honesty.untested", reference=reference))
    elif forecast.gain <= 0:
        said.append(speaker.say("honesty.not_better", reference=reference))
    elif whole_percent(forecast.gain) <= 5:
        said.append(speaker.say("honesty.barely", reference=reference, gain=max(whole_percent(forecast.gain), 1)))
    else:
        said.append(speaker.say("honesty.better", reference=reference, gain=whole_percent(forecast.gain)))
    at = LEVELS.index(selection.level)
    if forecast.judged >= FEWEST_JUDGED:
        share = forecast.hits[at] / forecast.judged
        said.append(
            speaker.say(
                "honesty.coverage",
                level=selection.level,
                coverage=whole_percent(share),
                hits=speaker.number(forecast.hits[at]),
                n=speaker.number(forecast.judged),
            )
        )
        if share < selection.level / 100 - 0.05:
            said.append(speaker.say("honesty.too_narrow"))
    return tuple(said)


def edition_of(outlook: Outlook, speaker: Speaker) -> str:
    """Which edition says so: its number and day, or that it is a reconstruction."""
    day = speaker.day(outlook.day)
    return (
        speaker.say("footer.rebuilt", date=day)
        if outlook.rebuilt
        else speaker.say("footer.edition", id=outlook.number, date=day)
    )


def reference_name(forecast: Forecast, speaker: Speaker) -> str:
    """The reference forecast by its fixed name."""
    if forecast.reference == "seasonal_naive":
        return speaker.say("reference.seasonal")
    return speaker.say("reference.yearly" if forecast.frequency == "A" else "reference.last")


def notes_of(row: Indicator, history: History, extended: bool, alone: bool, speaker: Speaker) -> tuple[str, ...]:
    """What a reader must know: low reliability if extended, proxy if it stands alone, caveats, holes."""
    notes = []
    if row.confidence == "low" and extended:
        notes.append(speaker.say("note.low_confidence"))
    if row.proxy and alone:
        notes.append(speaker.say("note.proxy"))
    caveats = speaker.of(row, "caveats")
    if caveats:
        notes.append(caveats)
    holes = [
        speaker.period(gap.first)
        if gap.first == gap.last
        else speaker.say("note.gap_span", first=speaker.period(gap.first), last=speaker.period(gap.last))
        for gap in row.gaps
        if (gap.geo, gap.item) == history.key[1:]
    ]
    if holes:
        notes.append(speaker.say("note.gaps", gaps=", ".join(holes)))
    return tuple(notes)


def source_line(outlook: Outlook, row: Indicator, history: History, speaker: Speaker, today: date) -> str:
    """Publisher, last value, and when the next one is due (or how late it is)."""
    source = outlook.catalogue.sources[row.source]
    last = speaker.period(period(history.last, history.frequency))
    due = last_month(history.last + 1, history.frequency) + row.publication_lag_months - month_of(today)
    if due > 0:
        following = speaker.count("freshness.next", due)
    elif due > -2:
        following = speaker.say("freshness.now")
    else:
        following = speaker.count("freshness.late", -due)
    return speaker.say(
        "freshness",
        publisher=speaker.of(source, "publisher"),
        period=last,
        date=speaker.day(row.accessed),
        next=following,
    )


def credit(outlook: Outlook, row: Indicator, speaker: Speaker) -> Credit:
    """Where an indicator comes from."""
    source = outlook.catalogue.sources[row.source]
    return Credit(
        publisher=speaker.of(source, "publisher"),
        page=source.page,
        licence=speaker.of(source, "licence"),
        certainty=speaker.say(f"certainty.{source.licence_certainty}"),
        attribution=speaker.dress(source.attribution),
        taken=speaker.day(row.accessed),
        transformation=row.transformation,
        description=speaker.of(row, "description"),
        confidence=speaker.say(f"confidence.{row.confidence}"),
    )

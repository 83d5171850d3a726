"""A past shock on a firm's own mix: its course month by month, how deep, how long, and back when. An analogy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.briefs.common.model import Figure, Table, computed
from observatory.briefs.portfolio.model import Replayed, how
from observatory.charts.shock_paths import Course, courses
from observatory.language import Speaker, round_to
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.outlook.shocks.paths import AFTER, BEFORE, fall, mixed
from observatory.timeseries import Floats

NOTHING = "\u2013"
DIGITS = 2  # of an amount lost
YEARS = AFTER // 12


@dataclass(frozen=True, repr=False)
class Past:
    """One shock on a mix, by the month in which it began: its course, its fall, the markets left out.

    The course is empty if the shock covers no market of the mix.
    """

    event: str
    name: str
    path: Floats
    fall: tuple[float, int, int | None] | None
    share: float
    missing: tuple[str, ...]


def shock(outlook: Outlook, mix: Mix, speaker: Speaker) -> Replayed | None:
    """The shocks on a mix, the one that it names in words; None in an edition whose studies hold no courses."""
    found = [row for row in _all(outlook, mix, speaker) if row is not None]
    if not found:
        return None
    deepest = max(found, key=lambda row: (row.share, row.fall[0] if row.fall else 0.0))
    looked = next((row for row in found if row.event == mix.shock), deepest)
    drawn = [row for row in found if row.path.size]
    return Replayed(
        _sentence(outlook, looked, mix, speaker) if drawn else _nothing(outlook, mix, speaker),
        _figure(drawn, looked, speaker) if drawn else None,
        {"": speaker.say("portfolio.shock.own")} | {row.event: row.name for row in found},
        mix.shock if mix.shock == looked.event else "",
        how("shock", outlook, mix.whole, speaker, years=YEARS),
    )


def _all(outlook: Outlook, mix: Mix, speaker: Speaker) -> list[Past | None]:
    stored = (outlook.replay.get("shocks") or {}).get("shocks", ())
    names = {event.start.isoformat(): speaker.of(event, "short") for event in outlook.catalogue.events}
    return [_past(row, mix, names[row["start"]]) for row in stored if row["start"] in names]


def _past(row: Mapping[str, Any], mix: Mix, name: str) -> Past | None:
    """A shock on a mix; None in a study that is older than courses."""
    segments = row["segments"]
    if segments and not any("course" in each for each in segments.values()):
        return None
    shares = mix.whole
    known = {market: segments[market]["course"] for market in shares if segments.get(market, {}).get("course")}
    part = sum(shares[market] for market in known)
    missing = tuple(market for market in shares if market not in known)
    if not known:
        return Past(row["start"][:7], name, np.empty(0), None, 0.0, missing)
    path = mixed(known, {market: shares[market] / part for market in known})
    return Past(row["start"][:7], name, path, fall(path), part, missing)


def _sentence(outlook: Outlook, row: Past, mix: Mix, speaker: Speaker) -> str:
    missing = speaker.list_of(speaker.of(outlook.catalogue.segments[name], "title") for name in row.missing)
    if not row.path.size:
        return speaker.say("portfolio.shock.nothing", shock=row.name, list=missing)
    said = {"shock": row.name, "start": outlook.day.year + 1}
    if row.fall is None:
        text = speaker.say("portfolio.shock.none", **said)
    else:
        depth, down, back = row.fall
        said |= {"depth": speaker.share(depth), "fall": speaker.count("shock.months", down)}
        key = "portfolio.shock" if back is not None else "portfolio.shock.not_back"
        text = speaker.say(key, **said, back=speaker.count("shock.months", back or 0))
        if mix.turnover:
            lost = speaker.number(round_to(mix.turnover * row.share * depth, DIGITS))
            text = f"{text} {speaker.say('portfolio.shock.amount', lost=lost)}"
    if row.missing:
        # First, so that nobody takes it for the whole.
        only = speaker.say("portfolio.shock.part", share=speaker.share(row.share), list=missing)
        text = f"{only} {text[:1].lower()}{text[1:]}"
    return text


def _nothing(outlook: Outlook, mix: Mix, speaker: Speaker) -> str:
    """That no shock can be replayed on any market of the mix."""
    names = speaker.list_of(speaker.of(outlook.catalogue.segments[name], "title") for name in mix.whole)
    return speaker.say("portfolio.shock.nothing.any", list=names)


def _figure(rows: list[Past], looked: Past, speaker: Speaker) -> Figure:
    heads = ("shock", "depth", "trough", "back", "part")
    lines = [
        Course(
            row.name,
            [(month - BEFORE, float(value) * 100) for month, value in enumerate(row.path) if np.isfinite(value)],
            row is looked,
        )
        for row in rows
    ]
    takeaway = " ".join(_said(row, speaker) for row in rows)
    return computed(
        name="shocks",
        title=speaker.say("portfolio.shock.title"),
        subtitle=speaker.say("portfolio.shock.subtitle"),
        spec=courses(
            lines,
            (
                speaker.say("portfolio.shock.axis.start"),
                *(speaker.count("control.horizon.years", year) for year in range(1, YEARS + 1)),
            ),
            speaker.language,
        ),
        takeaway=takeaway,
        source_line=speaker.say("portfolio.shock.source"),
        table=Table(
            speaker.say("portfolio.shock.title"),
            tuple(speaker.say(f"portfolio.shock.head.{name}") for name in heads),
            tuple(_row(row, speaker) for row in rows),
        ),
        alt=takeaway,
        notes=_partial(rows, speaker),
    )


def _partial(rows: list[Past], speaker: Speaker) -> tuple[str, ...]:
    """Which shocks are known for a part of the mix only."""
    names = [row.name for row in rows if row.missing]
    return (speaker.say("portfolio.shock.partial", list=speaker.list_of(names)),) if names else ()


def _row(row: Past, speaker: Speaker) -> tuple[str, ...]:
    if row.fall is None:
        return row.name, NOTHING, NOTHING, NOTHING, speaker.share(row.share)
    depth, down, back = row.fall
    returned = speaker.number(back) if back is not None else speaker.say("shock.not_back")
    return row.name, speaker.share(depth), speaker.number(down), returned, speaker.share(row.share)


def _said(row: Past, speaker: Speaker) -> str:
    """A shock in a few words, for the alternative of the chart."""
    if row.fall is None:
        return speaker.say("portfolio.shock.said.none", shock=row.name)
    text = speaker.say(
        "portfolio.shock.said",
        shock=row.name,
        depth=speaker.share(row.fall[0]),
        fall=speaker.count("shock.months", row.fall[1]),
    )
    return f"{text} {speaker.say('portfolio.shock.said.part', share=speaker.share(row.share))}" if row.missing else text

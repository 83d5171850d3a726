"""What a segment page says of past shocks, of leading signals and of flags: analogies and records, never forecasts."""

from collections.abc import Mapping
from typing import Any

from observatory.briefs.common.model import Chapter, Table
from observatory.catalogue.models import Catalogue, Segment
from observatory.language import Speaker
from observatory.outlook.leads.flags import KINDS
from observatory.outlook.outlook import Outlook

FEWEST_CALM = 5  # fewer spans without a shock are no yardstick
NOTHING = "\u2013"


def shock(outlook: Outlook, chosen: Segment, speaker: Speaker) -> Chapter | None:
    """What past shocks did to a market, as an analogy for one that would start next year; None where none is known."""
    found = outlook.replay.get("shocks") or {}
    events = {event.start.isoformat(): event for event in outlook.catalogue.events}
    seen = [
        (speaker.of(events[row["start"]], "short"), row["segments"][chosen.id])
        for row in found.get("shocks", ())
        if chosen.id in row["segments"] and row["start"] in events
    ]
    whole = [(name, row) for name, row in seen if row["depth"] is not None]
    if not whole:
        return None
    rows = [_shock_row(name, row, speaker) for name, row in seen]
    calm = found.get("calm", {}).get(chosen.id)
    reading = speaker.say("shock.reading.text")
    if calm and calm["starts"] >= FEWEST_CALM:
        reading = f"{reading} {speaker.say('shock.reading.calm')}"
        depth = _loss(calm["depth"], speaker)
        rows.append((speaker.say("shock.calm"), depth, NOTHING, NOTHING, speaker.count("shock.spans", calm["starts"])))
    heads = tuple(speaker.say(f"shock.head.{name}") for name in ("shock", "depth", "trough", "back", "series"))
    name, deepest = max(whole, key=lambda pair: pair[1]["depth"])
    return Chapter(
        speaker.say("shock.title"),
        _analogy(name, deepest, outlook.day.year + 1, chosen, speaker),
        ((speaker.say("shock.reading"), reading),),
        (Table(speaker.say("shock.caption"), heads, tuple(rows)),),
    )


def _analogy(name: str, row: Mapping[str, Any], start: int, chosen: Segment, speaker: Speaker) -> str:
    said = {"shock": name, "start": start, "market_of": speaker.of(chosen, "of")}
    if row["trough_months"] is None:
        return speaker.say("shock.lead.none", **said)
    said |= {
        "depth": _loss(row["depth"], speaker),
        "fall": speaker.count("shock.months", round(row["trough_months"])),
    }
    if row["back_months"] is None:
        return speaker.say("shock.lead.not_back", **said)
    return speaker.say("shock.lead", back=speaker.count("shock.months", round(row["back_months"])), **said)


def _shock_row(name: str, row: Mapping[str, Any], speaker: Speaker) -> tuple[str, ...]:
    if row["depth"] is None:
        return name, NOTHING, NOTHING, NOTHING, speaker.count("shock.too_few", row["count"])
    trough = speaker.number(round(row["trough_months"])) if row["trough_months"] is not None else NOTHING
    back = NOTHING
    if row["fell"]:
        back = speaker.say("shock.not_back")
        if row["back_months"] is not None:
            back = speaker.number(round(row["back_months"]))
    series = speaker.count("shock.series", row["count"], fell=speaker.number(row["fell"]))
    return name, _loss(row["depth"], speaker), trough, back, series


def _loss(depth: float, speaker: Speaker) -> str:
    return speaker.share(depth)


def leading(outlook: Outlook, chosen: Segment, speaker: Speaker) -> Chapter | None:
    """The reliable leads of a market, or that there is none and how many pairs were compared; and its flags."""
    found = (outlook.replay.get("leads") or {}).get("segments", {}).get(chosen.id)
    if found is None:
        return None
    standing = _standing(outlook, chosen.id)
    terms = tuple(
        (
            speaker.say("flag.term", title=speaker.of(outlook.catalogue.indicators[row["indicator"]], "title")),
            speaker.say(
                f"flag.{row['kind']}.record",
                alarm=_alarm(row, speaker),
                base=speaker.percent(row["base"]),
            ),
        )
        for row in standing
        if row["shown"]
    )
    hidden = sum(not row["shown"] for row in standing)
    said = [_none(found, speaker)]
    if found["reliable"]:
        said = [speaker.count("leads.some", len(found["reliable"]), tested=speaker.number(found["tested"]))]
    if not terms:
        said.append(speaker.say("flag.none"))
    if hidden:
        said.append(speaker.count("flag.hidden", hidden))
    tables = (_reliable(outlook.catalogue, found, speaker),) if found["reliable"] else ()
    return Chapter(speaker.say("leads.title"), " ".join(said), terms, tables)


def _none(found: Mapping[str, Any], speaker: Speaker) -> str:
    if not found["tested"]:
        return speaker.say("leads.short" if found["pairs"] else "leads.absent")
    return speaker.count(
        "leads.none",
        found["tested"],
        together=speaker.number(found["together"]),
        ahead=speaker.number(found["ahead"]),
    )


def _reliable(catalogue: Catalogue, found: Mapping[str, Any], speaker: Speaker) -> Table:
    heads = tuple(speaker.say(f"leads.head.{name}") for name in ("lead", "market", "lag", "gain", "origins"))
    rows = tuple(
        (
            speaker.of(catalogue.indicators[row["lead"]], "title"),
            speaker.of(catalogue.indicators[row["market"]], "title"),
            speaker.number(row["lag_months"]),
            speaker.share(row["gain"]),
            speaker.number(row["origins"]),
        )
        for row in found["reliable"]
    )
    return Table(speaker.say("leads.caption"), heads, rows)


def flags_of(outlook: Outlook, speaker: Speaker) -> dict[str, str]:
    """The flag that stands beside an indicator, by its id, with how often it was raised for nothing."""
    found: dict[str, list[str]] = {}
    for row in _standing(outlook):
        if row["shown"]:
            said = speaker.say(f"flag.{row['kind']}", alarm=_alarm(row, speaker))
            found.setdefault(row["indicator"], []).append(said)
    return {name: " ".join(said) for name, said in found.items()}


def _standing(outlook: Outlook, segment: str = "") -> list[Mapping[str, Any]]:
    """The flags that stand today, of one segment or of all."""
    rows = (outlook.replay.get("leads") or {}).get("flags", {}).get("now", ())
    known = outlook.catalogue.indicators
    return [
        row
        for row in rows
        if row["kind"] in KINDS and row["indicator"] in known and segment in ("", known[row["indicator"]].segment)
    ]


def _alarm(row: Mapping[str, Any], speaker: Speaker) -> str:
    """How often a flag was a false alarm: "3 fois sur 13"."""
    return speaker.count("flag.alarm", row["raised"] - row["followed"], raised=speaker.number(row["raised"]))

"""What the method page says: the limits first, what the ranges were worth, the calls, the forecasts, the words."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

from observatory.briefs.common import call_text
from observatory.briefs.common.model import Chapter, Method, Table
from observatory.briefs.overview import BARELY
from observatory.briefs.track_record.reliability import held, reliability
from observatory.language import WORDS, Speaker, whole_percent
from observatory.outlook.calls.independence import worth
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import CALLING, HORIZONS, LEVELS, MINIMUM_POINTS, STOPPED_AFTER_MONTHS
from observatory.timeseries import Status

STATUSES: tuple[Status, ...] = ("pool", "reference", "stopped", "too_short")
FORECASTS = ("mean", "learned", "ranges", "test", "reference")
GLOSSARY = (
    "series",
    "indicator",
    "roles",
    "index",
    "edition",
    "call",
    "forecast",
    "projection",
    "range",
    "probability",
    "horizon",
    "reference",
    "replay",
    "test",
    "proxy",
    "seasonal",
    "turning",
    "growth",
    "brier",
)


def method(outlook: Outlook, selection: Selection, speaker: Speaker) -> Method:
    """The method as of an outlook; its figures are those of this edition and of the settings."""
    everything, at = held(list(outlook.forecasts.values())), LEVELS.index(80)
    lead = speaker.say("method.lead.none")
    if everything.judged:
        lead = speaker.say("method.lead", level=LEVELS[at], share=whole_percent(everything.share(at)))
    return Method(
        kicker=speaker.say("method.kicker", date=speaker.day(outlook.day)),
        lead=lead,
        under=(speaker.say("method.under"),),
        limits=_limits(outlook, speaker),
        ranges=reliability(outlook, speaker),
        calls=_calls(outlook, selection, speaker),
        forecasts=_forecasts(speaker),
        glossary=_glossary(speaker),
    )


def _forecasts(speaker: Speaker) -> Chapter:
    said = {name: speaker.say(f"method.forecasts.{name}.text") for name in FORECASTS}
    return _chapter("forecasts", said, (), speaker)


def _chapter(name: str, said: Mapping[str, str], tables: tuple[Table, ...], speaker: Speaker) -> Chapter:
    """A chapter whose terms are messages below its own; what has nothing to say is left out."""
    terms = tuple((speaker.say(f"method.{name}.{term}"), text) for term, text in said.items() if text)
    return Chapter(speaker.say(f"method.{name}"), speaker.say(f"method.{name}.subtitle"), terms, tables)


def _limits(outlook: Outlook, speaker: Speaker) -> Chapter:
    """What cannot be known, each in a term and a sentence or two; then what becomes of the series."""
    markets, independent = worth(outlook.calls, min(HORIZONS))
    proxies = sum(row.proxy for row in outlook.catalogue.indicators.values())
    said = {
        "turning": speaker.say("method.limits.turning.text", p=whole_percent(CALLING.growing_from)),
        "far": _far(outlook, speaker),
        "together": speaker.say("method.limits.together.text", n=markets, worth=speaker.number(independent)),
        "shock": speaker.say("method.limits.shock.text"),
        "naive": speaker.say(
            "method.limits.naive.text",
            yearly=speaker.say("reference.yearly"),
            seasonal=speaker.say("reference.seasonal"),
            last=speaker.say("reference.last"),
        ),
        "revised": speaker.say("method.limits.revised.text"),
        "tuned": speaker.say("method.limits.tuned.text"),
        "proxy": speaker.count(
            "method.limits.proxy.text", proxies, total=speaker.number(len(outlook.catalogue.indicators))
        ),
    }
    return _chapter("limits", said, (_statuses(outlook, speaker),), speaker)


def _far(outlook: Outlook, speaker: Speaker) -> str:
    """What calls at the longest horizon were worth beside saying "growing" everywhere; empty if none was replayed."""
    far = max(HORIZONS)
    scores = outlook.replay.get("horizons", {}).get(str(far))
    if not scores or not scores["called"]:
        return ""
    share, base = scores["right"] / scores["called"], scores["base"]
    said = speaker.say(
        "method.limits.far.text",
        years=speaker.count("control.horizon.years", far),
        share=whole_percent(share),
        base=whole_percent(base),
    )
    return f"{said} {speaker.say('method.limits.far.barely')}" if share - base < BARELY else said


def _statuses(outlook: Outlook, speaker: Speaker) -> Table:
    """What becomes of every series: forecast by the mean, by the reference, or not at all."""
    counts, total = Counter(row.status for row in outlook.forecasts.values()), len(outlook.forecasts)
    values = {"months": STOPPED_AFTER_MONTHS, "min": MINIMUM_POINTS}
    rows = tuple(
        (
            speaker.say(f"method.status.{name}", **{key: values[key] for key in _places(name)}),
            speaker.number(counts[name]),
        )
        for name in STATUSES
    )
    heads = tuple(speaker.say(f"method.status.head.{name}") for name in ("what", "series"))
    return Table(speaker.say("method.status", total=speaker.number(total)), heads, rows)


def _places(status: str) -> tuple[str, ...]:
    return {"stopped": ("months",), "too_short": ("min",)}.get(status, ())


def _calls(outlook: Outlook, selection: Selection, speaker: Speaker) -> Chapter:
    highest = whole_percent(CALLING.highest_probability)
    said = {
        "rule": speaker.say("method.calls.rule.text", band=call_text.band(speaker)),
        "index": speaker.say("method.calls.index.text"),
        "pace": speaker.say("method.calls.pace.text"),
        "judged": _example(outlook, selection, speaker),
        "unsure": speaker.say(
            "method.calls.unsure.text",
            highest=highest,
            lowest=100 - highest,
            growing=whole_percent(CALLING.growing_from),
        ),
        "record": _record(outlook, speaker),
    }
    return _chapter("calls", said, (_thresholds(speaker), _words(speaker)), speaker)


def _record(outlook: Outlook, speaker: Speaker) -> str:
    """What the replayed calls were worth over all horizons; empty if none was."""
    scores = outlook.replay.get("all")
    if not scores or not scores["called"]:
        return ""
    said = speaker.say(
        "method.calls.record.text",
        since=outlook.replay["since"],
        right=speaker.number(scores["right"]),
        called=speaker.number(scores["called"]),
        share=whole_percent(scores["right"] / scores["called"]),
        base=whole_percent(scores["base"]),
    )
    brier = speaker.say(
        "method.calls.brier",
        brier=speaker.number(scores["brier"], 3),
        own=speaker.number(scores["brier_own"], 3),
        coin=speaker.number(scores["brier_coin"], 2),
    )
    return f"{said} {brier}"


def _example(outlook: Outlook, selection: Selection, speaker: Speaker) -> str:
    """The criterion and the date of the surest call, as its own page says them; empty if there is no call to judge."""
    calls = [row for row in outlook.calls.values() if row.horizon == selection.horizon and not row.why]
    if not calls:
        return ""
    surest = max(calls, key=lambda row: row.probability_clear or 0.0)
    title = speaker.of(outlook.catalogue.segments[surest.segment], "title")
    return speaker.say("method.calls.example", market=title, judged=call_text.judged(surest, speaker))


def _thresholds(speaker: Speaker) -> Table:
    """Every threshold of a call, as it stands in the settings."""
    percent = {"flat_band", "growing_from", "highest_probability"}
    rows = []
    for name, value in asdict(CALLING).items():
        shown = speaker.number(value, 0 if value == round(value) else 1)
        shown = speaker.share(value) if name in percent else shown
        rows.append((speaker.say(f"threshold.{name}"), speaker.say(f"threshold.{name}.value", value=shown)))
    heads = tuple(speaker.say(f"threshold.head.{part}") for part in ("what", "value"))
    return Table(speaker.say("threshold.title"), heads, tuple(rows))


def _words(speaker: Speaker) -> Table:
    """The words of the probabilities: one table, used everywhere."""
    starts = [0, *(end + 1 for end, _key in WORDS)]
    rows = tuple(
        (speaker.say("words.span", low=start, high=end), speaker.say(key))
        for start, (end, key) in zip(starts, WORDS, strict=False)
    )
    return Table(
        speaker.say("words.title"), tuple(speaker.say(f"words.head.{part}") for part in ("chance", "word")), rows
    )


def _glossary(speaker: Speaker) -> Chapter:
    terms = sorted(
        ((speaker.say(f"glossary.{name}"), speaker.say(f"glossary.{name}.text")) for name in GLOSSARY),
        key=lambda row: unicodedata.normalize("NFD", row[0].lower()),
    )
    return Chapter(speaker.say("glossary.title"), speaker.say("glossary.subtitle"), tuple(terms), ())

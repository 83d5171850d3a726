"""A finding on an upload in words: its message and its cure, with figures as the reader writes them."""

from collections.abc import Mapping
from datetime import date

from observatory.catalogue.periods import FREQUENCIES, frequency_of
from observatory.errors import Finding, Value
from observatory.ingest.rules.registry import RULES
from observatory.language import LANGUAGES, Speaker

_OURS = frozenset(rule.code for rule in RULES)
_BYTES = ("size", "limit")
_RATES = ("change", "largest")
_FREQUENCIES = ("found", "expected")
_PERIODS = ("period", "first", "last")
_MOST_DECIMALS = 12


def message(finding: Finding, speaker: Speaker) -> str:
    """What is wrong."""
    values = said(finding, speaker)
    if finding.code == "gap" and values["first"] == values["last"]:
        return speaker.say("finding.gap.one", **values)
    if finding.code == "new_series" and values["item"]:
        return speaker.say("finding.new_series.item", **values)
    return speaker.say(f"finding.{finding.code}", **values)


def hint(finding: Finding, speaker: Speaker) -> str:
    """What to do; where nothing similar can be suggested, a sentence of its own."""
    values = said(finding, speaker)
    alone = finding.code in _OURS and values.get("near") == ""
    key = f"finding.{finding.code}.hint.alone" if alone else f"finding.{finding.code}.hint"
    return speaker.say(key, **values)


def said(finding: Finding, speaker: Speaker) -> dict[str, Value]:
    """The values of a finding as its sentences say them; what the file says stands as it is written there."""
    values: dict[str, Value] = {"value": finding.value, **finding.values}
    if finding.code not in _OURS:
        return values
    dressed = {name: _word(name, value, speaker) for name, value in values.items()}
    return {**dressed, **_in_language(values, speaker)}


def _in_language(values: Mapping[str, Value], speaker: Speaker) -> dict[str, Value]:
    """Values that are there in both languages (`unit_fr`, `unit_en`) under their plain name."""
    ending = f"_{speaker.language}"
    both = [name.removesuffix(ending) for name in values if name.endswith(ending)]
    return {name: values[name + ending] for name in both if all(f"{name}_{other}" in values for other in LANGUAGES)}


def _word(name: str, value: Value, speaker: Speaker) -> Value:
    if isinstance(value, str):
        if name in _FREQUENCIES and value in FREQUENCIES:
            return speaker.say(f"finding.frequency.{value}")
        if name == "day":
            return speaker.day(date.fromisoformat(value))
        if name == "kind":
            return speaker.say(f"finding.kind.{value}")
        return speaker.period(value) if name in _PERIODS and frequency_of(value) else value
    if name in _BYTES:
        return speaker.say("finding.size.megabytes", n=speaker.number(value / 1024 / 1024, 1))
    return speaker.growth(value) if name in _RATES else _figure(value, speaker)


def _figure(value: float, speaker: Speaker) -> str:
    """A number with all its digits."""
    text = f"{value:.{_MOST_DECIMALS}f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else repr(float(value))
    part = text.partition(".")[2] if "e" not in text else ""
    decimals = 0 if part == "0" else len(part)
    shown = speaker.number(value, decimals)
    return shown if len(shown) < 40 else repr(value)

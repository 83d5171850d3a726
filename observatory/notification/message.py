"""The message of an edition: plain text, short, in one language, with the dated link."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from observatory.language import Localizer
from observatory.notification.events import Events
from observatory.outlook.analysis.diff import CallChange
from observatory.outlook.analysis.judged import JudgedCall
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, build_share_url
from observatory.store.refreshes import SourceResult
from observatory.typography import lowercase_first

_MAX_LINES = 10  # of a kind


@dataclass(frozen=True)
class Message:
    """A title and plain text."""

    title: str
    body: str


def build_message(events: Events, site: str, localizer: Localizer) -> Message:
    """The message on some events; `site` is the public address of the server."""
    outlook = events.outlook
    parts = []
    if outlook is not None and events.flips:
        lines = [_flip_text(row, outlook, localizer) for row in events.flips]
        parts.append(_list_text(localizer.plural("notify.flips", len(lines)), lines, localizer))
    if outlook is not None and events.judged:
        lines = [_judged_text(row, outlook, localizer) for row in events.judged]
        parts.append(_list_text(localizer.plural("notify.judged", len(lines)), lines, localizer))
    if events.failing:
        lines = [_failing_text(row, localizer) for row in events.failing]
        parts.append(_list_text(localizer.plural("notify.failing", len(lines)), lines, localizer))
    parts.append(localizer.text("notify.link", url=_link(events, site, localizer)))
    return Message(_title_text(events, localizer), "\n\n".join(parts))


def build_test_message(site: str, localizer: Localizer) -> Message:
    """The message that shows that an address is reached."""
    return Message(localizer.text("notify.test.title"), localizer.text("notify.test.body", url=f"{site}/"))


def _title_text(events: Events, localizer: Localizer) -> str:
    if events.edition is None:
        return localizer.text("notify.title.refresh")
    edition = events.edition
    return localizer.text("notify.title", id=edition.id, day=localizer.datetime_day(edition.at))


def _link(events: Events, site: str, localizer: Localizer) -> str:
    """The changes of the edition as of it; without one, the changes of the newest."""
    chosen = replace(DEFAULT_SELECTION, lang=localizer.language)
    if events.edition is None or events.outlook is None:
        return f"{site}/whats-new?lang={localizer.language}"
    number, since = events.edition.id, events.edition.parent or 0
    dated = replace(chosen, asof=f"e{number}", since=since, until=number)
    return build_share_url(f"{site}/whats-new", dated, events.outlook.catalogue)


def _list_text(head: str, lines: Sequence[str], localizer: Localizer) -> str:
    shown = [f"- {line}" for line in lines[:_MAX_LINES]]
    rest = len(lines) - len(shown)
    return "\n".join([head, *shown, *([f"- {localizer.plural('notify.rest', rest)}"] if rest else [])])


def _flip_text(change: CallChange, outlook: Outlook, localizer: Localizer) -> str:
    """A market, its horizon, the two verdicts, and the odds of clear growth that it has now."""
    values = {
        "market": _market_text(change.segment, outlook, localizer),
        "span": localizer.plural("control.horizon.years", change.horizon),
        "old": _verdict_text(change.old, localizer),
        "new": _verdict_text(change.new, localizer),
    }
    chance = change.new.probability_clear if change.new else None
    if change.new is None or change.new.why or chance is None:
        return localizer.text("notify.flip", **values)
    odds = {"word": localizer.probability_word(chance), "p": localizer.probability_percent(chance)}
    return localizer.text("notify.flip.odds", **values, **odds)


def _judged_text(judged: JudgedCall, outlook: Outlook, localizer: Localizer) -> str:
    """A market, what was said and when, what came."""
    return localizer.text(
        "notify.judged.right" if judged.is_right else "notify.judged.wrong",
        market=_market_text(judged.call.segment, outlook, localizer),
        call=_verdict_text(judged.call, localizer),
        id=judged.edition,
        growth=localizer.growth(judged.growth),
        since=judged.call.base_year,
        until=judged.call.target_year,
    )


def _failing_text(row: SourceResult, localizer: Localizer) -> str:
    """A source, and why it failed."""
    if row.reason is None:
        return row.source
    reason = localizer.error_text(row.reason.key, row.reason.values)
    return localizer.text("notify.failing.why", source=row.source, reason=reason)


def _market_text(segment: str, outlook: Outlook, localizer: Localizer) -> str:
    row = outlook.catalogue.segments.get(segment)
    return localizer.field_text(row, "title") if row is not None else segment


def _verdict_text(call: Call | None, localizer: Localizer) -> str:
    return lowercase_first(localizer.text(f"call.{call.call}" if call else "news.calls.absent"))

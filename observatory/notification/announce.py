"""Announcement of an edition: found and sent in a thread of its own, after the publication has been committed."""

import logging
from collections.abc import Callable
from threading import Thread
from threading import enumerate as list_threads

from observatory.language import Localizer
from observatory.notification.events import Events
from observatory.notification.message import Message, build_message
from observatory.settings import Settings

log = logging.getLogger("observatory.notification")


_THREAD_NAME = "notification"


def announce(settings: Settings, find_events: Callable[[], Events]) -> Thread | None:
    """Starts sending the message on some events, if any is worth one; None where no address is set.

    The process does not end before it is sent or has failed: else a command that publishes and ends would send none.
    """
    if not settings.notify:
        return None
    thread = Thread(target=_announce, args=(settings, find_events), name=_THREAD_NAME, daemon=False)
    thread.start()
    return thread


def wait_for_announcements() -> None:
    """Returns once all messages of this process are sent, or have failed."""
    for thread in list_threads():
        if thread.name == _THREAD_NAME:
            thread.join()


def _announce(settings: Settings, find_events: Callable[[], Events]) -> None:
    try:
        events = find_events()
        if events:
            send_message(settings, build_message(events, settings.site, Localizer(settings.notify_language)))
    except Exception:
        log.exception("an edition could not be announced")  # addresses are used in `channels` alone, which never raises


def send_message(settings: Settings, message: Message) -> list[tuple[int, str, bool, bool]]:
    """Sends a message to all addresses: number, kind, whether it is understood, whether it was sent."""
    from observatory.notification import channels  # heavy, and needed only where something is sent

    rows = []
    for channel in channels.open_channels(settings.notify):
        sent = channels.send(channel, message)
        rows.append((channel.number, channel.kind, channel.is_understood, sent))
    return rows


def list_misunderstood(settings: Settings) -> list[tuple[int, str]]:
    """The number and kind of each address that no service understands."""
    if not settings.notify:
        return []
    from observatory.notification import channels  # heavy, and needed only where an address is set

    return [(row.number, row.kind) for row in channels.open_channels(settings.notify) if not row.is_understood]

"""The services that carry messages (Apprise), by address; an address is a secret, and no log ever holds one."""

import logging
import re
from dataclasses import dataclass

import apprise

from observatory.notification.message import Message

log = logging.getLogger("observatory.notification")

_KIND = re.compile(r"[a-z][a-z0-9+.-]{0,19}(?=://)", re.IGNORECASE)
_TALKATIVE_LOGGERS = ("urllib3", "requests_oauthlib", "oauthlib")  # below warnings, they log paths with tokens


@dataclass(frozen=True)
class Channel:
    """An address by its place in the setting (from 1) and the kind of its service; None where it is not understood."""

    number: int
    kind: str
    service: apprise.NotifyBase | None

    @property
    def is_understood(self) -> bool:
        """Whether there is such a service, and the address has what it needs."""
        return self.service is not None


def open_channels(addresses: tuple[str, ...]) -> list[Channel]:
    """The channels of some addresses, in their order; nothing is sent yet."""
    _silence_libraries()
    asset = apprise.AppriseAsset(
        app_id="Observatory",
        app_desc="Observatory",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,  # nothing is written beside the store
    )
    channels = []
    for number, address in enumerate(addresses, 1):
        kind = _KIND.match(address)
        service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
        channels.append(Channel(number, kind[0].lower() if kind else "?", service))
    return channels


def send(channel: Channel, message: Message) -> bool:
    """Sends a message over a channel; whether the service took it. What went wrong is logged without the address."""
    if channel.service is None:
        log.warning("notification: address %d (%s) is not understood", channel.number, channel.kind)
        return False
    reason = "refused"
    try:
        # As plain text wherever the service takes it: in HTML, mail would be longer than what it says.
        channel.service.notify_format = apprise.NotifyFormat.TEXT
        if channel.service.notify(title=message.title, body=message.body, body_format=apprise.NotifyFormat.TEXT):
            return True
    except Exception as error:  # noqa: BLE001 - a service may raise anything, and its words may hold the address
        reason = type(error).__name__
    log.warning("notification: address %d (%s) was not reached: %s", channel.number, channel.kind, reason)
    return False


def _silence_libraries() -> None:
    """Keeps the loggers of libraries from writing addresses, whatever the level of the server's log is."""
    own = logging.getLogger("apprise")
    own.setLevel(logging.CRITICAL + 1)
    own.propagate = False
    for name in _TALKATIVE_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)

"""Endpoints: the servers of data/refresh.toml as this process uses them, with keys and other bases from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urljoin, urlsplit

from observatory.catalogue.recipes import RefreshHost
from observatory.errors import SettingsError, SourceError
from observatory.settings import MAX_ECHOED_CHARS
from observatory.sources.model import Request

BASE_VARIABLE = "OBSERVATORY_REFRESH_BASE"  # the address of one server that answers in place of all publishers

_REDACTED = "***"


@dataclass(frozen=True)
class PublisherServer:
    """A server: its addresses, pause between two requests (s), largest answer (bytes), and the key that it asks for.

    A `stand_in` answers in its place: a request goes to STAND_IN/HOST/PATH.
    """

    id: str
    bases: tuple[str, ...]
    gap: float
    max_bytes: int
    key_variable: str = ""
    key_parameter: str = ""
    key: str = field(default="", repr=False)
    stand_in: str = ""

    def build_address(self, request: Request) -> str:
        """The whole address of a request, without its parameters. Refuses one outside of the endpoint."""
        if request.path.startswith("/") and not request.path.startswith("//"):
            return self.bases[0] + request.path
        if find_origin(request.path) in {find_origin(base) for base in self.bases}:
            return request.path
        raise SourceError(
            "error.source.address", address=self.redact(request.path.partition("?")[0])[:MAX_ECHOED_CHARS]
        )

    def locate(self, address: str) -> str:
        """Where a request to an address is sent."""
        return f"{self.stand_in}/{address.partition('://')[2]}" if self.stand_in else address

    def resolve(self, address: str, location: str) -> str:
        """The publisher's address that a redirect from another leads to; empty for what is none."""
        prefix = f"{self.stand_in}/"
        try:
            sent_to = urljoin(self.locate(address), location)
            first = sent_to.removeprefix(prefix).partition("/")[0].lower()
            if self.stand_in and sent_to.startswith(prefix) and first in {find_origin(base)[1] for base in self.bases}:
                return f"https://{sent_to.removeprefix(prefix)}"
            return urljoin(address, location)
        except ValueError:
            return ""

    def redact(self, text: str) -> str:
        """A text without the key."""
        for form in self._list_key_forms():
            text = text.replace(form, _REDACTED)
        return text

    def redact_body(self, content: bytes) -> bytes:
        """A body without the key: some interfaces repeat what they were asked with."""
        for form in self._list_key_forms():
            content = content.replace(form.encode(), _REDACTED.encode())
        return content

    def _list_key_forms(self) -> tuple[str, ...]:
        """The key as it is and as an address holds it."""
        if not self.key:
            return ()
        return tuple(dict.fromkeys((self.key, quote(self.key), quote(self.key, safe=""), quote_plus(self.key))))


def find_origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address; empty for what is none."""
    try:
        parts = urlsplit(address)
        return (parts.scheme.lower(), (parts.hostname or "").lower(), parts.port)
    except ValueError:
        return ("", "", None)


def resolve_endpoints(hosts: Mapping[str, RefreshHost], environment: Mapping[str, str]) -> dict[str, PublisherServer]:
    """The endpoints by name, with their keys; OBSERVATORY_REFRESH_BASE names a server that answers for all (tests).

    Pauses are due to publishers: such a server is asked without any.
    """
    stand_in = environment.get(BASE_VARIABLE, "").strip().rstrip("/")
    if stand_in and find_origin(stand_in)[0] not in ("http", "https"):
        raise SettingsError("error.settings.refresh_base", value=stand_in[:MAX_ECHOED_CHARS])
    return {
        host.id: PublisherServer(
            host.id,
            (host.base, *host.also),
            0.0 if stand_in else host.gap_ms / 1_000,
            host.max_mb * 1_000_000,
            host.key_variable,
            host.key_parameter,
            environment.get(host.key_variable, "").strip() if host.key_variable else "",
            stand_in,
        )
        for host in hosts.values()
    }

"""Endpoints: the servers of data/refresh.toml as this process uses them, with keys and other bases from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urlsplit

from observatory.catalogue.recipes import RefreshHost
from observatory.errors import SourceError
from observatory.settings import MAX_ECHOED_CHARS
from observatory.sources.model import Request

BASE_VARIABLE = "OBSERVATORY_REFRESH_BASE"  # followed by _ and the name of the host in capitals

_REDACTED = "***"


@dataclass(frozen=True)
class Endpoint:
    """A server: its addresses, pause between two requests (s), largest answer (bytes), and the key that it asks for."""

    id: str
    bases: tuple[str, ...]
    gap: float
    max_bytes: int
    key_variable: str = ""
    key_parameter: str = ""
    key: str = field(default="", repr=False)

    def build_address(self, request: Request) -> str:
        """The whole address of a request, without its parameters. Refuses one outside of the endpoint."""
        if request.path.startswith("/") and not request.path.startswith("//"):
            return self.bases[0] + request.path
        if find_origin(request.path) in {find_origin(base) for base in self.bases}:
            return request.path
        raise SourceError(
            "error.source.address", address=self.redact(request.path.partition("?")[0])[:MAX_ECHOED_CHARS]
        )

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


def resolve_endpoints(hosts: Mapping[str, RefreshHost], environment: Mapping[str, str]) -> dict[str, Endpoint]:
    """The endpoints by name; OBSERVATORY_REFRESH_BASE and _NAME replaces all addresses of one (mirror, test)."""
    endpoints = {}
    for host in hosts.values():
        other = environment.get(f"{BASE_VARIABLE}_{host.id.upper()}", "").strip().rstrip("/")
        endpoints[host.id] = Endpoint(
            host.id,
            (other,) if other else (host.base, *host.also),
            host.gap_ms / 1_000,
            host.max_mb * 1_000_000,
            host.key_variable,
            host.key_parameter,
            environment.get(host.key_variable, "").strip() if host.key_variable else "",
        )
    return endpoints

"""What was asked for, counted by route and status, and how long it took; no query, no address of a reader."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


@dataclass(frozen=True)
class Counts:
    """Requests since the server started. Routes are those that the caller knows by name, never what a reader typed."""

    _requests: dict[tuple[str, str, int], int] = field(default_factory=dict)
    _times: dict[str, list[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request; a method that is not one of HTTP's own counts as OTHER."""
        key = (route, method if method in METHODS else "OTHER", status)
        with self._lock:
            self._requests[key] = self._requests.get(key, 0) + 1
            times = self._times.setdefault(route, [0.0] * (len(BUCKETS) + 2))
            times[bisect_left(BUCKETS, seconds)] += 1
            times[-1] += seconds

    def lines(self) -> Iterator[str]:
        """The counts as Prometheus reads them."""
        with self._lock:
            requests, times = dict(self._requests), {route: list(row) for route, row in self._times.items()}
        yield "# HELP observatory_requests_total Requests answered, by route, method and status."
        yield "# TYPE observatory_requests_total counter"
        for (route, method, status), number in sorted(requests.items()):
            yield f'observatory_requests_total{{route="{route}",method="{method}",status="{status}"}} {number}'
        yield "# HELP observatory_request_seconds Time from request to the last byte of its answer."
        yield "# TYPE observatory_request_seconds histogram"
        for route, row in sorted(times.items()):
            total = 0
            for edge, within in zip((*BUCKETS, "+Inf"), row[:-1], strict=True):
                total += int(within)
                yield f'observatory_request_seconds_bucket{{route="{route}",le="{edge}"}} {total}'
            yield f'observatory_request_seconds_sum{{route="{route}"}} {row[-1]:.6f}'
            yield f'observatory_request_seconds_count{{route="{route}"}} {total}'


METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT")

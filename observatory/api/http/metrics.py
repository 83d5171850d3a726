"""Metrics for Prometheus: requests by route, method and status, their times, the process; no query, no address."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"))

# Disables the `_created` series of each counter; prometheus-client has no switch for a single registry.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The metrics of one server since its start, in a registry of its own.

    Routes are labels of a closed list, never what a client typed.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "observatory_requests",
            "Requests answered, by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "observatory_request_seconds",
            "Time from request to the last byte of its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)  # memory, descriptors and CPU of this process, where there is /proc

    def observe_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request and its time; a method that is not one of HTTP's own counts as OTHER."""
        self._requests.labels(route, method if method in _METHODS else "OTHER", status).inc()
        self._seconds.labels(route).observe(seconds)

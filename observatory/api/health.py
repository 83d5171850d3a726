"""Health checks and metrics for operators."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from observatory import __version__
from observatory.api.data.serializers import JSON_MEDIA_TYPE, dump_json
from observatory.api.models import ApiState, Payload
from observatory.api.refresh_metrics import collect_refresh_metrics
from observatory.errors import ObservatoryError
from observatory.store.records import Vintage

TEXT_MEDIA_TYPE = "text/plain; charset=utf-8"
PROMETHEUS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def check_alive(_state: ApiState) -> Payload:
    """Liveness: always succeeds while the process answers."""
    return Payload(b"ok", TEXT_MEDIA_TYPE)


def check_ready(state: ApiState) -> Payload:
    """Readiness: the store is open and has an edition. Raises StoreError."""
    vintage = _get_ready_vintage(state)
    content = dump_json({"ready": True, "vintage": vintage.id, "at": vintage.at.isoformat()})
    return Payload(content, JSON_MEDIA_TYPE)


def render_metrics(state: ApiState) -> Payload:
    """Requests and their times, editions, collections; without a store, the requests alone."""
    editions = CollectorRegistry()
    editions.register(_EditionCollector(state))
    return Payload(generate_latest(state.metrics.registry) + generate_latest(editions), PROMETHEUS_MEDIA_TYPE)


class _EditionCollector(Collector):
    """Prometheus collector that reads the store at each scrape."""

    def __init__(self, state: ApiState) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        """The version that runs, whether the store is ready, the age of the newest edition, and collections."""
        info = GaugeMetricFamily("observatory_info", "The version that runs.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        ready = "observatory_ready", "Whether the store is open and holds something."
        try:
            newest, workspace = _get_ready_vintage(self._state), self._state.open_workspace()
            published = workspace.store.vintages()
        except ObservatoryError:
            yield GaugeMetricFamily(*ready, 0)
            return
        yield GaugeMetricFamily(*ready, 1)
        yield CounterMetricFamily("observatory_publications", "Editions published.", len(published))
        yield GaugeMetricFamily("observatory_vintage_number", "Number of the newest edition.", newest.id)
        age = round((workspace.now() - newest.at).total_seconds())
        yield GaugeMetricFamily("observatory_vintage_age_seconds", "Seconds since the newest edition.", age)
        yield from collect_refresh_metrics(workspace)


def _get_ready_vintage(state: ApiState) -> Vintage:
    """The newest vintage, read from the file that is there now, which a quick look finds sound."""
    workspace = state.open_workspace()
    workspace.store.require_sound()
    vintage = workspace.get_vintage()
    workspace.store.calls(vintage)
    return vintage

"""For those who run it: alive, ready, and figures for Prometheus."""

from datetime import UTC, datetime

from observatory import __version__
from observatory.api.models import Answer, Desk
from observatory.api.serializers import JSON, as_json
from observatory.errors import ObservatoryError, StoreError
from observatory.store.records import Vintage

TEXT_MEDIA_TYPE = "text/plain; charset=utf-8"
PROMETHEUS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def healthz(_desk: Desk) -> Answer:
    """The process answers."""
    return Answer(b"ok", TEXT_MEDIA_TYPE)


def readyz(desk: Desk) -> Answer:
    """The store is open and something is published. Raises StoreError."""
    vintage = _get_ready_vintage(desk)
    return Answer(as_json({"ready": True, "vintage": vintage.id, "at": vintage.at.isoformat()}), JSON)


def _get_ready_vintage(desk: Desk) -> Vintage:
    """The newest vintage; a store whose file was taken away is not ready, whatever is still in memory."""
    workspace = desk.opened()
    file = workspace.settings.store_path
    if file is not None and not file.exists():
        raise StoreError("error.store.empty", path=file.name)
    return workspace.get_vintage()


def render_metrics(desk: Desk) -> Answer:
    """Requests and their times, publications, the newest edition and its age; without a store, the requests alone."""
    lines = [
        "# HELP observatory_info The version that runs.",
        "# TYPE observatory_info gauge",
        f'observatory_info{{version="{__version__}"}} 1',
        *desk.counts.lines(),
    ]
    try:
        newest = _get_ready_vintage(desk)
        published = desk.opened().store.vintages()
    except ObservatoryError:
        lines += _format_metric("observatory_ready", "Whether the store is open and holds something.", 0)
    else:
        age = (datetime.now(UTC) - newest.at).total_seconds()
        lines += _format_metric("observatory_ready", "Whether the store is open and holds something.", 1)
        lines += _format_metric("observatory_publications_total", "Editions published.", len(published), "counter")
        lines += _format_metric("observatory_vintage_number", "Number of the newest edition.", newest.id)
        lines += _format_metric("observatory_vintage_age_seconds", "Seconds since the newest edition.", round(age))
    return Answer(("\n".join(lines) + "\n").encode(), PROMETHEUS_MEDIA_TYPE)


def _format_metric(name: str, description: str, value: int, kind: str = "gauge") -> list[str]:
    return [f"# HELP {name} {description}", f"# TYPE {name} {kind}", f"{name} {value}"]

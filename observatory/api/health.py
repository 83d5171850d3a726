"""For those who run it: alive, ready, and figures for Prometheus."""

from datetime import UTC, datetime

from observatory import __version__
from observatory.api.models import Answer, Desk
from observatory.api.serializers import JSON, as_json
from observatory.errors import ObservatoryError, StoreError
from observatory.store.records import Vintage

TEXT = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def healthz(_desk: Desk) -> Answer:
    """The process answers."""
    return Answer(b"ok", TEXT)


def readyz(desk: Desk) -> Answer:
    """The store is open and something is published. Raises StoreError."""
    vintage = ready(desk)
    return Answer(as_json({"ready": True, "vintage": vintage.id, "at": vintage.at.isoformat()}), JSON)


def ready(desk: Desk) -> Vintage:
    """The newest vintage; a store whose file was taken away is not ready, whatever is still in memory."""
    workspace = desk.opened()
    file = workspace.settings.store_file
    if file is not None and not file.exists():
        raise StoreError("error.store.empty", path=file.name)
    return workspace.vintage()


def metrics(desk: Desk) -> Answer:
    """Requests and their times, publications, the newest edition and its age; without a store, the requests alone."""
    lines = [
        "# HELP observatory_info The version that runs.",
        "# TYPE observatory_info gauge",
        f'observatory_info{{version="{__version__}"}} 1',
        *desk.counts.lines(),
    ]
    try:
        newest = ready(desk)
        published = desk.opened().store.vintages()
    except ObservatoryError:
        lines += _metric("observatory_ready", "Whether the store is open and holds something.", 0)
    else:
        age = (datetime.now(UTC) - newest.at).total_seconds()
        lines += _metric("observatory_ready", "Whether the store is open and holds something.", 1)
        lines += _metric("observatory_publications_total", "Editions published.", len(published), "counter")
        lines += _metric("observatory_vintage_number", "Number of the newest edition.", newest.id)
        lines += _metric("observatory_vintage_age_seconds", "Seconds since the newest edition.", round(age))
    return Answer(("\n".join(lines) + "\n").encode(), PROMETHEUS)


def _metric(name: str, says: str, value: int, kind: str = "gauge") -> list[str]:
    return [f"# HELP {name} {says}", f"# TYPE {name} {kind}", f"{name} {value}"]

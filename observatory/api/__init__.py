"""The read-only HTTP interface beside the pages: ROUTES, and the door and gate through which every request comes."""

from observatory.api.endpoint import routes
from observatory.api.metrics import Counts
from observatory.api.middleware import Gate

__all__ = ["Counts", "Gate", "routes"]

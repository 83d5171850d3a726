"""The read-only HTTP interface beside the pages: ROUTES, and the door and gate through which every request comes."""

from observatory.api.counts import Counts
from observatory.api.door import routes
from observatory.api.gate import Gate

__all__ = ["Counts", "Gate", "routes"]

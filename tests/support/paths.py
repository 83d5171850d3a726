"""Where things are: the checkout, and the read-only folder with the original data."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("OBSERVATORY_SHARED", ROOT.parent / "shared"))

"""Captures what a checkout answers (links, files, API, commands, pages, stored rows) and compares two captures.

    python -m benchmarks.same_answers capture --python PYTHON --checkout DIR --store sqlite:////FILE --output before
    python -m benchmarks.same_answers compare before after

For a change that must not change an answer: capture before it and after it, on the same day, from the same store. The
checkout is driven from outside, as a reader, a program or an operator would, so that the names of its modules do not
matter; both captures should use environments with the same packages. It works on copies of the store, listens on
127.0.0.1 alone and leaves the checkout as it is. `compare` prints what differs and ends with 1 if anything does.

Left out because they differ between two runs of the same code: the port, the folders, dates of answers, times and
counts of /metrics, progress bars, the moments at which rows were recorded, random words of a session, and identifiers
that Streamlit makes from paths and names of functions. Slides and workbooks are compared by what their archives hold.
`compare` also sets aside how entities of HTML are spelled, the order of the rules of a style sheet and that of the
lines of /metrics, which no reader sees; `compare --exact` does not.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.same_answers.capture import Capture
from benchmarks.same_answers.commands import capture_commands
from benchmarks.same_answers.compare import run_compare
from benchmarks.same_answers.pages import capture_pages
from benchmarks.same_answers.server import capture_server
from benchmarks.same_answers.store import capture_store

_VERSIONS = (
    "import json, platform; from importlib.metadata import distributions as d;"
    "print(json.dumps({'python': platform.python_version(),"
    " **{r.metadata['Name'].lower(): r.version for r in d() if r.metadata['Name'].lower() != 'observatory'}}))"
)


PARTS: Mapping[str, Callable[[Capture], None]] = {
    "server": capture_server,
    "pages": capture_pages,
    "commands": capture_commands,
    "store": capture_store,
}


def run_capture(arguments: argparse.Namespace) -> int:
    """Makes a capture: 0 if it is whole."""
    prefix = "sqlite:///"
    store = Path(arguments.store.removeprefix(prefix))
    if not arguments.store.startswith(prefix) or not store.is_file():
        raise SystemExit(f"--store must be sqlite:/// and the path of a file that exists: {arguments.store}")
    checkout, output = arguments.checkout.resolve(), arguments.output.resolve()
    if not (checkout / "observatory").is_dir():
        raise SystemExit(f"--checkout holds no folder observatory: {checkout}")
    if output.exists() and any(output.iterdir()):
        raise SystemExit(f"--output must be new or empty: {output}")
    output.mkdir(parents=True, exist_ok=True)
    day, began = _current_day(), time.monotonic()
    python = Path(os.path.abspath(arguments.python))  # noqa: PTH100 - the link is what makes it that of an environment
    with tempfile.TemporaryDirectory(prefix="same-answers-") as place:
        folder = Path(place).resolve()
        made = Capture(checkout, python, store.resolve(), output, folder, began + arguments.minutes * 60)
        made.hidden += [(str(folder), "<folder>"), (str(checkout), "<checkout>")]
        versions = json.loads(subprocess.run([python, "-c", _VERSIONS], capture_output=True, check=True).stdout)
        chosen = arguments.parts.split(",")
        with ThreadPoolExecutor(arguments.jobs) as pool:
            for name, future in [(name, pool.submit(_run_part, name, made)) for name in chosen]:
                future.result()
                print(f"{name}: done after {time.monotonic() - began:.0f} s", flush=True)
    if _current_day() != day:
        raise SystemExit("the day changed during the capture: make it again")
    index = {
        "day": day,
        "store": hashlib.sha256(store.read_bytes()).hexdigest(),
        "parts": chosen,
        "versions": dict(sorted(versions.items())),
        "items": dict(sorted(made.items.items())),
    }
    (output / "index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
    print(f"{len(made.items)} items in {time.monotonic() - began:.0f} s: {output}")
    return 0


def _run_part(name: str, made: Capture) -> None:
    PARTS[name](made)


def _current_day() -> str:
    return datetime.now(UTC).date().isoformat()


def _add_capture(listed: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    capturing = listed.add_parser(
        "capture",
        help="write down what a checkout answers",
        description="Writes down what a checkout answers: a file for each item, and index.json.",
        epilog="Example: python -m benchmarks.same_answers capture --python .venv/bin/python --checkout . "
        "--store sqlite:////tmp/store/observatory.db --output /tmp/before",
    )
    capturing.add_argument("--python", type=Path, required=True, help="the interpreter of the checkout's environment")
    capturing.add_argument("--checkout", type=Path, required=True, metavar="DIR", help="the checkout that is driven")
    capturing.add_argument(
        "--store", required=True, metavar="ADDRESS", help="sqlite:////..., of at least 4 editions; copied"
    )
    capturing.add_argument("--output", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")
    capturing.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)} (default: all)")
    capturing.add_argument("--jobs", type=int, default=2, metavar="N", help="parts at the same time (default: 2)")
    capturing.add_argument("--minutes", type=float, default=40, metavar="N", help="stop after so long (default: 40)")
    capturing.set_defaults(run=run_capture)


def _add_compare(listed: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    comparing = listed.add_parser(
        "compare",
        help="compare two captures",
        description="Prints each item that differs; exit code 1 if any does, 2 if they cannot be compared.",
        epilog="Example: python -m benchmarks.same_answers compare /tmp/before /tmp/after --lines 20",
    )
    comparing.add_argument("before", type=Path, metavar="BEFORE_DIR")
    comparing.add_argument("after", type=Path, metavar="AFTER_DIR")
    comparing.add_argument("--lines", type=int, default=12, metavar="N", help="of each difference (default: 12)")
    comparing.add_argument("--most", type=int, default=60, metavar="N", help="differences shown (default: 60)")
    comparing.add_argument("--exact", action="store_true", help="set nothing aside")
    comparing.set_defaults(run=run_compare)


def _main() -> int:
    parser = argparse.ArgumentParser(
        description="Captures what a checkout answers, and compares two captures.",
        epilog="Example: python -m benchmarks.same_answers compare before after",
    )
    listed = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_capture(listed)
    _add_compare(listed)
    arguments = parser.parse_args()
    unknown = set(getattr(arguments, "parts", "").split(",")) - set(PARTS) - {""}
    if unknown:
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")
    code: int = arguments.run(arguments)
    return code


if __name__ == "__main__":
    sys.exit(_main())

"""Differences of two captures."""

import argparse
import difflib
import json
import re

from benchmarks.same_answers.normalize import normalize


def run_compare(arguments: argparse.Namespace) -> int:
    """Prints how two captures differ: 0 if they do not, 1 if they do, 2 if they cannot be compared."""
    before, after = (
        json.loads((path / "index.json").read_text("utf-8")) for path in (arguments.before, arguments.after)
    )
    for name in ("day", "store", "parts"):
        if before[name] != after[name]:
            print(f"these captures cannot be compared, for they differ in {name}: {before[name]} and {after[name]}")
            return 2
    for name in sorted(before["versions"].keys() | after["versions"].keys()):
        versions = [row["versions"].get(name, "none") for row in (before, after)]
        if versions[0] != versions[1]:
            print(f"note: {name} is {versions[0]} before and {versions[1]} after")
    names, differing, respelled = sorted(before["items"].keys() | after["items"].keys()), 0, 0
    for name in names:
        rows = [row["items"].get(name) for row in (before, after)]
        if None in rows:
            differing += 1
            print(f"\n{name}: only {'after' if rows[0] is None else 'before'}")
        elif rows[0]["sha256"] != rows[1]["sha256"]:
            sides = [(folder / name).read_bytes() for folder in (arguments.before, arguments.after)]
            if not arguments.exact:
                sides = [normalize(name, side) for side in sides]
            if sides[0] == sides[1]:
                respelled += 1
                continue
            differing += 1
            print(f"\n{name}: {rows[0]['size']} bytes before, {rows[1]['size']} after")
            if differing <= arguments.most:
                print(_describe_difference(sides[0], sides[1], arguments.lines))
    print(f"{len(names)} items compared, {differing} differ, {respelled} in spelling or order alone")
    return 1 if differing else 0


def _describe_difference(before: bytes, after: bytes, most: int) -> str:
    """The first lines of a unified diff; for bytes that are no text, where they begin to differ."""
    try:
        sides = [_split_lines(part.decode("utf-8")) for part in (before, after)]
    except UnicodeDecodeError:
        at = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
        return f"  not text; they differ from byte {min(len(before), len(after)) if at is None else at} on"
    start = 0
    while start < min(map(len, sides)) and sides[0][start] == sides[1][start]:
        start += 1
    first = max(0, start - 2)  # a file can have a hundred thousand lines: only what is around the first one
    sides = [side[first : first + 400] for side in sides]
    lines = list(difflib.unified_diff(sides[0], sides[1], "before", "after", f"line {first + 1}", lineterm="", n=1))
    shown = [f"  {line[:300]}" for line in lines[:most]]
    return "\n".join([*shown, f"  ... {len(lines) - most} more lines"] if len(lines) > most else shown)


def _split_lines(text: str) -> list[str]:
    """Its lines; long ones, as those of JSON and HTML, are cut after a mark, so that a difference is short."""
    lines: list[str] = []
    for line in text.splitlines():
        lines += [line] if len(line) < 300 else re.sub(r"(>|,|;|\})(?=\S)", r"\1\n", line).split("\n")
    return lines

"""Synthetic catalogues: copies of the real indicators with new IDs and disturbed figures, in a folder of their own."""

import csv
import io
import re
import shutil
from pathlib import Path

import numpy as np

_LEFT_OUT = ("editions", "vintages", "vintages.csv")  # what is kept of the past does not grow with the catalogue
_STEP = 0.03  # standard deviation of a step of the logarithmic walk by which the figures of a copy differ
_LARGEST = 0.5  # of the walk, in logs
_FAMILY = re.compile(r'^(family = ")', re.MULTILINE)
_TITLE = re.compile(r'^((?:title|short)_(?:fr|en) = ")', re.MULTILINE)


def write_catalogue(data: Path, folder: Path, factor: int) -> Path:
    """A catalogue with `factor` times the indicators of `data`: the real ones, and copies that say that they are."""
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for path in sorted((data / "indicators").glob("*.toml")):
        facts = path.read_text(encoding="utf-8-sig")
        figures = (data / "observations" / f"{path.stem}.csv").read_text(encoding="utf-8-sig")
        for number in range(2, factor + 1):
            name = f"synthetic_{number:02d}_{path.stem}"
            (folder / "indicators" / f"{name}.toml").write_text(_rename(facts, number), encoding="utf-8")
            is_share = 'unit_en = "%"' in facts
            text = _disturb(figures, abs(hash_name(name)), is_share=is_share)
            (folder / "observations" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def hash_name(name: str) -> int:
    """A seed that is the same in every process."""
    return int.from_bytes(name.encode()[-8:], "big")


def _rename(facts: str, number: int) -> str:
    """The facts of a copy: a family of its own, titles that call it synthetic, no publisher to collect it from."""
    facts = facts.split("\n[refresh]")[0] + "\n"
    facts = _FAMILY.sub(rf"\1synthetic_{number:02d}_", facts)
    return _TITLE.sub(rf"\1Synthetic {number:02d}: ", facts)


def _disturb(figures: str, seed: int, *, is_share: bool) -> str:
    """The figures of a copy: each series times a smooth random factor, zeros and decimals as they were."""
    rows = list(csv.reader(io.StringIO(figures)))
    rng = np.random.default_rng(seed)
    walk: dict[tuple[str, str], float] = {}
    for row in rows[1:]:
        key = (row[0], row[1])
        walk[key] = float(np.clip(walk.get(key, 0.0) + rng.normal(0, _STEP), -_LARGEST, _LARGEST))
        if row[3]:
            factor = np.exp(-abs(walk[key]) if is_share else walk[key])
            decimals = len(row[3].partition(".")[2])
            row[3] = f"{float(row[3]) * factor:.{decimals}f}"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()

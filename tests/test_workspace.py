"""Publishing an edition, adding an indicator without Python, and what was published before."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from observatory import settings
from observatory.briefs.common.context import Context
from observatory.briefs.segment.page import build_segment
from observatory.errors import CatalogueError
from observatory.language import Localizer
from observatory.selection import Selection
from observatory.workspace import Workspace
from tests.support.paths import ROOT

NEW, CHANGED = "test_cabin_orders", "airbus_deliveries"


def opened(data: Path, store: Path) -> Workspace:
    return Workspace(settings.load_settings({"OBSERVATORY_STORE": f"sqlite:///{store}", "OBSERVATORY_DATA": str(data)}))


@pytest.mark.slow
def test_a_new_indicator_is_two_files_and_no_python(tmp_path: Path, few: Path) -> None:
    """Facts and figures dropped into data/ appear in their market with a forecast; the edition before stays.

    That the whole catalogue takes one more is what `tests/contracts/test_adding.py` proves.
    """
    data, store = Path(shutil.copytree(few, tmp_path / "data")), tmp_path / "a.db"
    first = opened(data, store)
    before = first.publish_curated()
    assert before is not None
    assert first.publish_curated() is None
    first.close()

    facts = (data / "indicators" / "esa_budget.toml").read_text(encoding="utf-8").split("[[gaps]]")[0]
    facts = facts.replace('segment = "space"', 'segment = "business_aviation"').replace(
        'family = "esa_budget"', f'family = "{NEW}"'
    )
    (data / "indicators" / f"{NEW}.toml").write_text(facts, encoding="utf-8")
    lines = [f"ESA,,{year},{100 + 3 * (year - 2000) + year % 3}" for year in range(2000, 2026)]
    (data / "observations" / f"{NEW}.csv").write_text(
        "geo,item,period,value\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    figures = data / "observations" / f"{CHANGED}.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace("WORLD,,2025,", "WORLD,,2025,1"), encoding="utf-8")

    second = opened(data, store)
    after = second.publish_curated()
    assert after is not None
    outlook = second.get_outlook()
    key = (NEW, "ESA", "")
    assert len(outlook.forecasts[key].median) == 5
    page = build_segment(
        Context(outlook, Selection(segment="business_aviation", indicator=NEW), Localizer("fr"), outlook.day)
    )
    assert page.main_figure is not None
    assert page.main_figure.indicator == NEW
    assert NEW in {row.indicator for row in page.indicators}

    rows = {row[:4]: row.value for row in second.store.observations(after)}
    old = {row[:4]: row.value for row in second.store.observations(before)}
    changed = {name for name in rows.keys() | old.keys() if rows.get(name) != old.get(name)}
    assert {name[0] for name in changed} == {NEW, CHANGED}
    assert len(changed) == len(lines) + 1
    then = second.get_outlook(before.at)
    assert NEW not in then.catalogue.indicators
    assert then.calls == opened(few, store).get_outlook(before.at).calls
    np.testing.assert_array_equal(then.panel[CHANGED, "WORLD", ""].values[-1], old[CHANGED, "WORLD", "", "2025"])
    second.close()


def test_a_broken_catalogue_opens_nothing(tmp_path: Path) -> None:
    """A catalogue with a fault is refused before the store is made."""
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    (data / "segments.toml").write_text("[space]\nmarket = 3\n", encoding="utf-8")
    with pytest.raises(CatalogueError):
        opened(data, tmp_path / "new" / "a.db")
    assert not (tmp_path / "new").exists()

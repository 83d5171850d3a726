"""A folder of data with a real vintage of its own making."""

import csv
import shutil
from pathlib import Path


def copy_with_vintage(data: Path, target: Path) -> Path:
    """A copy of a folder of data, with Airbus deliveries as published on 10 February 2020, one delivery lower."""
    folder = Path(shutil.copytree(data, target))
    rows = list(csv.reader((folder / "observations/airbus_deliveries.csv").read_text().splitlines()))
    world = [row for row in rows[1:] if row[:2] == ["WORLD", ""] and row[2] <= "2019"]
    lines = [",".join((*row[:3], str(int(row[3]) - 1))) for row in world]
    (folder / "vintages").mkdir()
    (folder / "vintages.csv").write_text("indicator,day,note_fr,note_en\nairbus_deliveries,2020-02-10,a,b\n")
    (folder / "vintages/airbus_deliveries@2020-02-10.csv").write_text("\n".join(["geo,item,period,value", *lines]))
    return folder

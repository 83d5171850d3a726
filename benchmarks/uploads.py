"""CPU time of uploads: 50,000 rows examined as CSV and as a workbook, one edition prepared and published.

PYTHONPATH=. python benchmarks/uploads.py
"""

import io
import tempfile
from time import process_time

import numpy as np
from openpyxl import Workbook

from observatory import settings
from observatory.ingest.examine import examine_file
from observatory.workspace import Workspace

ROWS = 50_000
MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


def print_cpu_time(name: str, start: float) -> None:
    print(f"{name:<48} {process_time() - start:6.2f} CPU s")


def main() -> None:
    folder = tempfile.mkdtemp()
    workspace = Workspace(settings.load_settings({"OBSERVATORY_STORE": f"sqlite:///{folder}/a.db"}))
    start = process_time()
    workspace.publish_curated()
    print_cpu_time("curated editions in an empty store", start)
    outlook = workspace.get_outlook()
    names = [row.title_fr for row in outlook.catalogue.indicators.values() if row.frequency == "M"][:20]
    places = [row.short_fr for row in outlook.catalogue.geographies.values()][:8]
    keys = [(n, p, f"{m} {y}") for n in names for p in places for y in range(1999, 2026) for m in MONTHS][:ROWS]
    values = np.random.default_rng(1).uniform(1, 1e6, ROWS).round(2)
    lines = [
        f"{n};{p};;{when};{str(value).replace('.', ',')}" for (n, p, when), value in zip(keys, values, strict=False)
    ]
    text = "\r\n".join(["indicateur;zone;poste;période;valeur", *lines]).encode("utf-8-sig")
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(["indicateur", "zone", "poste", "période", "valeur"])
    for (n, p, when), value in zip(keys, values, strict=False):
        sheet.append([n, p, "", when, float(value)])
    book.save(out)
    today = workspace.today()
    for name, content in (("large.csv", text), ("large.xlsx", out.getvalue())):
        start = process_time()
        report = examine_file(name, content, outlook.catalogue, published=outlook.panel, today=today)
        print_cpu_time(f"{name}: {len(report.observations):,} rows examined, {len(content) / 1e6:.1f} MB", start)
    session = workspace.access.open_operator_session("benchmark")
    draft = workspace.receive("a.csv", b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,812\n", session)
    start = process_time()
    preview = workspace.build_preview(draft)
    print_cpu_time("preview of one figure: all forecasts and calls", start)
    assert preview.prepared is not None
    start = process_time()
    workspace.commit(preview.prepared, session, "")
    print_cpu_time("its publication: one transaction", start)


if __name__ == "__main__":
    main()

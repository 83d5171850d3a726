"""Forecasts the deliveries of Airbus with the command line: `python examples/forecast_deliveries.py OUT.csv`."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

OBSERVATIONS = Path(__file__).resolve().parents[1] / "data" / "observations" / "airbus_deliveries.csv"


def main(output: Path) -> None:
    """Writes a long file (unique_id, ds, y), forecasts it three years ahead and prints the 80 % intervals."""
    observed = pd.read_csv(OBSERVATIONS, keep_default_na=False)
    long = pd.DataFrame(
        {"unique_id": observed["item"].replace("", "all"), "ds": observed["period"], "y": observed["value"]}
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "deliveries.csv"
        long.to_csv(source, index=False)
        command = [sys.executable, "-m", "observatory", "forecast", str(source), "--horizon", "3", "--level", "80"]
        subprocess.run([*command, "--output", str(output)], check=True)
    print(pd.read_csv(output).round(0).to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

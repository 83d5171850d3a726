"""Reads the calls from the API of a running server: `python examples/read_calls.py [ADDRESS]`."""

import io
import sys
import urllib.error
import urllib.request

import pandas as pd

ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8501"
CALLS = f"{ADDRESS}/api/v1/calls.csv?horizon=2&lang=en"


def main() -> None:
    """Prints the markets by their odds of growing by more than 1 % a year, then asks again with the ETag."""
    with urllib.request.urlopen(CALLS) as answer:
        calls, etag = pd.read_csv(io.BytesIO(answer.read())), answer.headers["ETag"]
    ranked = calls.sort_values("probability_clear", ascending=False)
    print(ranked[["segment", "call", "probability_clear", "low", "growth", "high"]].to_string(index=False))
    print(f"To be judged by {ranked['due'].iloc[0]}. Edition: {ranked['vintage'].iloc[0]}.")
    try:
        urllib.request.urlopen(urllib.request.Request(CALLS, headers={"If-None-Match": etag})).close()
    except urllib.error.HTTPError as answer:
        if answer.code != 304:
            raise
        print("Asked again: nothing has been published since (304).")


if __name__ == "__main__":
    main()

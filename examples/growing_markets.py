"""Calls and a chart, as in a notebook: `python examples/growing_markets.py CHART.html [ADDRESS]`."""

import sys

import observatory


def main(chart: str, address: str | None = None) -> None:
    """Prints the markets that are called growing three years ahead, and draws ATR's order book with its forecast."""
    with observatory.connect(address, language="en") as obs:
        calls = obs.calls(horizon=3)
        growing = calls[calls["call"] == "growing"].sort_values("probability_clear", ascending=False)
        print(growing[["segment", "probability_clear", "low", "growth", "high", "due"]].round(3).to_string(index=False))
        print(f"Edition {calls.attrs['edition']}.")
        backlog = obs.observations("atr_backlog")
        print(f"Order book of ATR: {backlog['value'].iloc[-1]:g} {backlog.attrs['units']['atr_backlog']}", end=" ")
        print(f"({backlog['period'].iloc[-1]}; {backlog.attrs['sources']['atr_backlog']}).")
        obs.chart("atr_backlog").save(chart)


if __name__ == "__main__":
    main(*sys.argv[1:])

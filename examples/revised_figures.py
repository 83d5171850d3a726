"""What a later edition revised, from its tables: `python examples/revised_figures.py INDICATOR [ADDRESS]`."""

import sys

import observatory

KEY = ["geo", "item", "period"]


def main(indicator: str, address: str | None = None) -> None:
    """Prints what is new or revised since the first edition, of one indicator."""
    with observatory.connect(address, language="en") as obs:
        first, newest = obs.as_of("e1").observations(indicator), obs.observations(indicator)
        both = newest.astype({"geo": str, "item": str}).merge(
            first.astype({"geo": str, "item": str})[[*KEY, "value"]], on=KEY, how="left", suffixes=("", "_before")
        )
        revised = both[both["value_before"].notna() & (both["value"] != both["value_before"])]
        print(f"{len(first)} figures in edition {first.attrs['edition']}, {len(newest)} in {newest.attrs['edition']}.")
        added = both["value_before"].isna().sum()
        print(f"{added} are new, {len(revised)} were revised ({newest.attrs['units'][indicator]}).")
        if len(revised):
            print(revised[[*KEY, "value_before", "value"]].tail().to_string(index=False))


if __name__ == "__main__":
    main(*sys.argv[1:])

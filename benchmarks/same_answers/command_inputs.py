"""Commands and files that a capture gives to the command line."""

COMMANDS = (
    *("serve", "check", "publish", "vintages", "revert", "key", "calls", "forecast", "backtest", "export"),
    *("datapackage", "key create", "key list", "key revoke"),
)
GOOD = "indicateur;zone;période;valeur\nbrent_price;WORLD;2026-03;71,25\ncopper_price;WORLD;2026-03;13 000,5\n"
BAD = (
    "indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,lots\nnothing,WORLD,,2025,1\n"
    "esa_budget,XXX,,2024,1.5\nesa_budget,ESA,,2031,1.5\natr_backlog,WORLD,,2024-05,170\natr_backlog,WORLD,,2023,=1+1\n"
)
REVISION = (
    "indicator;geo;period;value\nairbus_deliveries;WORLD;2025;500\nesa_budget;ESA;2024;\natr_backlog;WORLD;2019;160"
)
NOVELTY = "indicateur;zone;période;valeur\n" + "".join(
    f"own_survey;FRA;{year};{100 + 3 * (year - 2000)}\n" for year in range(2000, 2026)
)
ABOUT = (
    'title_fr = "Enquête maison"\ntitle_en = "Own survey"\nunit_fr = "réponses"\n'
    'unit_en = "answers"\nsegment = "drones"\nrole = "market"\npublisher = "Nous"\nlicence = "Tous droits réservés"\n'
    'page = "https://example.org/survey"\n'
)
FEW = ("airbus_deliveries", "atr_backlog", "esa_budget")  # indicators whose publication takes a second


def long_file() -> str:
    """A small long file: a yearly series with a trend, and one that is noisy, without randomness."""
    rows = ["unique_id,ds,y"]
    for year in range(1985, 2021):
        rows.append(f"trend,{year},{50 + 2.5 * (year - 1985) + (year * 7919) % 11}")
        rows.append(f"noisy,{year},{100 + (year * 104729) % 37}")
    return "\n".join(rows) + "\n"


# What a child process does to run pages: it sends every message of a run to a file, as JSON. It imports Streamlit's
# own test runner and nothing of the checkout, whose script is named on its command line.

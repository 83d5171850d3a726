"""Writes observatory/ingest/decode/countries.csv: the countries of ISO 3166-1, by code and by name.

Run as `python tools/make_countries.py`. Codes and names in seven languages are those of CLDR, through babel; the names
by which statistical offices call a country otherwise are listed here.
"""

import csv
from pathlib import Path

from babel import Locale
from babel.core import get_global

_OUT = Path(__file__).resolve().parents[1] / "observatory" / "ingest" / "decode" / "countries.csv"
_LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt")  # the first two have columns of their own
_KOSOVO = ("XK", "XKX", "")  # no country of ISO 3166, but one of most tables
_NOT_ISO = frozenset(("AC", "AN", "BU", "CP", "DD", "DG", "EU", "FX", "NT", "QO", "SU", "TA", "TP", "XA", "XB", "YD"))
_OTHER_NAMES = {
    "BN": ("Brunei Darussalam",),
    "BO": ("Bolivia (Plurinational State of)", "Bolivie (État plurinational de)", "Plurinational State of Bolivia"),
    "BS": ("Bahamas, The", "The Bahamas"),
    "CD": (
        *("Congo, Dem. Rep.", "Dem. Rep. of the Congo", "Democratic Republic of the Congo", "Congo (Kinshasa)"),
        *("Democratic Republic of Congo", "RDC", "République démocratique du Congo", "Congo (Rép. dém.)"),
    ),
    "CG": ("Congo, Rep.", "Congo", "Republic of the Congo", "Congo (Brazzaville)", "République du Congo"),
    "CI": ("Cote d'Ivoire", "Ivory Coast"),
    "CN": ("China, mainland", "China (People's Republic of)", "People's Republic of China", "Chine continentale"),
    "CV": ("Cabo Verde", "Cape Verde", "Cap-Vert"),
    "CZ": ("Czech Republic", "République tchèque", "Czechia", "Tchéquie"),
    "DE": (
        *("Germany (until 1990 former territory of the FRG)", "Federal Republic of Germany"),
        *("Germany, Fed. Rep.", "République fédérale d'Allemagne"),
    ),
    "EG": ("Egypt, Arab Rep.",),
    "FK": ("Falkland Islands (Malvinas)",),
    "FM": ("Micronesia, Fed. Sts.", "Micronesia (Federated States of)"),
    "FR": ("France (métropolitaine)", "Metropolitan France", "France entière", "France métropolitaine"),
    "GB": (
        *("UK", "U.K.", "Great Britain", "Grande-Bretagne", "Royaume Uni"),
        "United Kingdom of Great Britain and Northern Ireland",
    ),
    "GM": ("Gambia, The", "The Gambia"),
    "GR": ("EL", "Hellas"),
    "HK": ("Hong Kong", "Hong Kong SAR", "Hong Kong SAR, China", "China, Hong Kong SAR", "Hong Kong, China"),
    "IR": ("Iran, Islamic Rep.", "Iran (Islamic Republic of)"),
    "KG": ("Kyrgyz Republic", "République kirghize"),
    "KN": ("St. Kitts and Nevis", "Saint Kitts and Nevis"),
    "KP": ("Korea, Dem. People's Rep.", "Dem. People's Rep. of Korea", "Democratic People's Republic of Korea"),
    "KR": (
        *("Korea", "Corée", "Korea, Rep.", "Rep. of Korea", "Republic of Korea", "South Korea", "Korea, South"),
        *("Corée (République de)", "République de Corée", "Corée du Sud"),
    ),
    "LA": ("Lao PDR", "Lao People's Democratic Republic", "Laos"),
    "LC": ("St. Lucia", "Saint Lucia"),
    "MD": ("Republic of Moldova", "Moldova, Rep.", "République de Moldova"),
    "MK": ("North Macedonia", "Macedonia, FYR", "The former Yugoslav Republic of Macedonia"),
    "MM": ("Burma", "Birmanie"),
    "MO": ("Macao", "Macau", "Macao SAR, China", "China, Macao SAR"),
    "NL": ("The Netherlands", "Netherlands (Kingdom of the)", "Holland", "Hollande"),
    "PS": ("Palestine", "West Bank and Gaza", "State of Palestine", "Occupied Palestinian Territory"),
    "RU": ("Russian Federation", "Fédération de Russie"),
    "SK": ("Slovak Republic", "République slovaque"),
    "SO": ("Somalia, Fed. Rep.",),
    "ST": ("Sao Tome and Principe",),
    "SY": ("Syrian Arab Republic", "République arabe syrienne"),
    "SZ": ("Swaziland", "Eswatini"),
    "TL": ("East Timor", "Timor oriental"),
    "TR": ("Turkey", "Türkiye", "Turkiye", "Turquie"),
    "TW": ("Taiwan", "Chinese Taipei", "Taipei chinois", "Taiwan, China", "Taiwan, Province of China"),
    "TZ": ("United Republic of Tanzania", "République-Unie de Tanzanie"),
    "US": (
        *("USA", "U.S.", "U.S.A.", "US", "United States of America", "États-Unis d'Amérique"),
        *("EUA", "EE. UU.", "Estados Unidos de América"),
    ),
    "VC": ("St. Vincent and the Grenadines",),
    "VE": ("Venezuela, RB", "Venezuela (Bolivarian Republic of)"),
    "VI": ("Virgin Islands (U.S.)", "United States Virgin Islands"),
    "VN": ("Viet Nam", "Vietnam"),
    "YE": ("Yemen, Rep.",),
}


def _list_codes() -> list[tuple[str, str, str]]:
    """The codes of two letters, of three, and of three digits, in the order of the first."""
    alpha3: dict[str, str] = {}
    numeric: dict[str, str] = {}
    for code, replacements in get_global("territory_aliases").items():
        if len(code) != 3 or len(replacements) != 1:
            continue
        target = numeric if code.isdigit() else alpha3
        former = code in ("BUR", "DDR", "FXX", "TMP", "YMD", "NTZ", "ZAR", "249", "278", "280", "720", "736", "886")
        if not former:
            target.setdefault(replacements[0], code)
    names = Locale("en").territories
    codes = [
        (code, alpha3[code], numeric[code])
        for code in alpha3
        if code in names and code in numeric and code not in _NOT_ISO and code != "XK" and code != "ZZ"
    ]
    return sorted([*codes, _KOSOVO])


def main() -> None:
    """Writes the table, one country a line; other names are separated by "|"."""
    names = [Locale(language).territories for language in _LANGUAGES]
    rows = []
    for code, alpha3, numeric in _list_codes():
        french, english, *others = (by_code.get(code, "") for by_code in names)
        others += [by_code.get(f"{code}-alt-{form}", "") for by_code in names for form in ("short", "variant")]
        other = dict.fromkeys(
            name for name in (*_OTHER_NAMES.get(code, ()), *others) if name not in ("", french, english)
        )
        rows.append((code, alpha3, numeric, french, english, "|".join(other)))
    with _OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("alpha2", "alpha3", "numeric", "name_fr", "name_en", "other_names"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()

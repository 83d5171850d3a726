"""Writes the files of the corpus (`python -m tests.ingest.make_corpus`); those too large to keep are made on demand."""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from observatory import settings
from tests.ingest.publisher_files import SHEET_ROWS, TEXT_LINES

FILES = Path(__file__).with_name("corpus") / "files"
ENGLISH = "indicator,geo,item,period,value"
FRENCH = "indicateur;zone;poste;période;valeur"
BOM = b"\xef\xbb\xbf"


def text(*lines: str, end: str = "\n", encoding: str = "utf-8") -> bytes:
    """Lines of text as the bytes of a file."""
    return "".join(line + end for line in lines).encode(encoding)


def short(*rows: str) -> bytes:
    """A French file of four columns: indicator, place, period, value."""
    return text("indicateur;zone;période;valeur", *rows)


def esa(*values: str) -> bytes:
    """A French file of values of the ESA budget, one a year from 2021."""
    return short(*(f"esa_budget;ESA;{2021 + place};{value}" for place, value in enumerate(values)))


def brent(*periods: str) -> bytes:
    """A French file of the price of Brent, its published values of 2026 at some periods."""
    values = ("66,6", "70,89", "103,13", "117,29", "107,14", "85,4", "83,76")
    return short(*(f"brent_price;WORLD;{period};{value}" for period, value in zip(periods, values, strict=False)))


def chips(*periods: str) -> bytes:
    """A French file of quarterly sales of semiconductors, the published ones of 2025."""
    values = ("167,7", "179,7", "208,4", "236,6")
    rows = zip(periods, values, strict=False)
    return short(*(f"semiconductor_sales_quarterly;WORLD;{period};{value}" for period, value in rows))


def workbook(*rows: Iterable[Any], change: Callable[[Any], None] = lambda _book: None) -> bytes:
    """A workbook with one sheet of rows, changed at will before it is saved."""
    book = openpyxl.Workbook()
    book.active.title = "Données"
    for row in rows:
        book.active.append(list(row))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    """A zip of some members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # of 1980: the same bytes every day
    return out.getvalue()


def replaced(content: bytes, member: str, new: bytes) -> bytes:
    """A workbook in which one member says something else."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()} | {member: new})


HEAD = ("indicateur", "zone", "période", "valeur")
ROW = ("esa_budget", "ESA", 2025, 7.68)
BOOK = (HEAD, ("esa_budget", "ESA", 2024, 7.79), ROW)


def _two_sheets(book: Any) -> None:
    other = book.create_sheet("Carnet")
    for row in (HEAD, ("atr_backlog", "WORLD", 2025, 160)):
        other.append(list(row))


def _merged(book: Any) -> None:
    book.active.merge_cells("A2:A3")


def _percent(book: Any) -> None:
    for line in (2, 3):
        book.active.cell(line, 4).number_format = "0.0%"


def _percent_quoted(book: Any) -> None:
    for line, form in ((2, '0.0" %"'), (3, "0.0\\ \\%"), (4, '0.0" % par an"')):
        book.active.cell(line, 4).number_format = form


def _hidden_sheet(book: Any) -> None:
    book.active.title = "Ancien"
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Saisie")
    for row in BOOK:
        shown.append(list(row))


def _hidden_rows(book: Any) -> None:
    book.active.row_dimensions[3].hidden = True


def _merged_note(book: Any) -> None:
    book.active.merge_cells("A5:D5")


def _merged_head(book: Any) -> None:
    book.active.merge_cells("B1:C1")


def _far_away(book: Any) -> None:
    book.active.cell(40, 9).value = " "
    book.active.cell(2, 12).value = None


def _dates(book: Any) -> None:
    for line in (2, 3):
        book.active.cell(line, 3).number_format = "mmm-yy"


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level else b"ha") for level in range(12)
)
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
EXPORT_HEAD = (
    "indicator;geo;item;period;nature;value;low_50;high_50;low_80;high_80;low_95;high_95;unit;source;licence;vintage"
)
EXPORT_TAIL = "milliards d'euros courants;ESA;'=licence;1 (2026-11-22)"
KNOWHOW = (
    "savoir-faire;Transport aérien;Avions commerciaux;Aviation d'affaires;Hélicoptères;Aviation militaire;Spatial;"
    "Électronique;Systèmes embarqués;Drones"
)
REST = "au cœur;un peu;au cœur;coeur;core;some;partiel;un peu"  # what all markets but the first use
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

WRITTEN: dict[str, bytes] = {
    # -- dialects
    "plain.csv": text(ENGLISH, "esa_budget,ESA,,2024,7.79", "esa_budget,ESA,,2025,7.68"),
    "french_excel.csv": BOM + text(FRENCH, "esa_budget;ESA;;2024;7,79", "esa_budget;ESA;;2025;7,68", end="\r\n"),
    "tabs.tsv": text(ENGLISH, "esa_budget,ESA,,2024,7.79", "esa_budget,ESA,,2025,7.68").replace(b",", b"\t"),
    "pipes.txt": text(ENGLISH, "esa_budget,ESA,,2024,7.79", "esa_budget,ESA,,2025,7.68").replace(b",", b"|"),
    "windows_1252.csv": text(
        "Indicateur;Zone;Poste;Période;Valeur",
        "Budget de l'Agence spatiale européenne;Agence spatiale européenne;;2025;7,68",
        end="\r\n",
        encoding="cp1252",
    ),
    "utf16_le.txt": text(FRENCH.replace(";", "\t"), "esa_budget\tESA\t\t2025\t7,68", encoding="utf-16"),
    "utf16_be.txt": b"\xfe\xff" + text(FRENCH, "esa_budget;ESA;;2025;7,68", encoding="utf-16-be"),
    "utf16_bare.txt": text(FRENCH, "esa_budget;ESA;;2025;7,68", encoding="utf-16-le"),
    "sep_line.csv": text("sep=;", FRENCH, "esa_budget;ESA;;2024;7,79", "esa_budget;ESA;;2025;lots", end="\r\n"),
    "sep_line_strange.csv": text("sep=^", FRENCH.replace(";", "^"), "esa_budget^ESA^^2025^7,68"),
    "old_mac.csv": text(ENGLISH, "esa_budget,ESA,,2024,7.79", "esa_budget,ESA,,2025,x", end="\r"),
    "quoted_newline.csv": text(
        "indicateur;zone;période;valeur;note",
        'esa_budget;ESA;2024;7,79;"sur\ndeux; trois\nlignes"',
        "esa_budget;ESA;2025;abc;",
    ),
    "quoted_comma.csv": text(ENGLISH, 'esa_budget,ESA,,2024,"7,79"', 'esa_budget,ESA,,2025,"7,68"'),
    "comma_in_text.csv": text(
        "indicateur;zone;période;valeur;note",
        "esa_budget;ESA;2024;7,79;un, deux, trois",
        "esa_budget;ESA;2025;7,68;quatre, cinq, six",
    ),
    "blank_rows.csv": text(
        "indicateur;zone;période;valeur;;",
        ";;;;;",
        "esa_budget;ESA;2024;7,79;;",
        "",
        "esa_budget;ESA;2025;7,68;;",
        ";;;;;",
        ";;;;;",
    ),
    # -- names
    "heads_any_case.csv": text("INDICATEUR;Pays;ANNÉE;VALEUR", "esa_budget;ESA;2025;7,68"),
    "heads_with_units.csv": text("Indicateur;Zone (pays);Période;Valeur (Md€)", "esa_budget;ESA;2025;7,68"),
    "heads_plain.csv": text("indicator;lieu;annee;value", "esa_budget;ESA;2025;7,68"),
    "title_english.csv": text(ENGLISH, "european space agency BUDGET,European Space Agency,,2025,7.68"),
    "title_folded.csv": short("budget de l’agence SPATIALE europeenne;agence spatiale europeenne;2025;7,68"),
    "place_names.csv": short(
        "airport_passengers;Toulouse-Blagnac;2024-10;707121",
        "airport_passengers;toulouse blagnac;2024-11;574201",
        "airport_passengers;FR-TLS;2024-12;623395",
    ),
    "item_titles.csv": text(
        FRENCH, "airbus_deliveries;Monde;Famille A320;2024;602", "airbus_deliveries;World;a320 family;2025;607"
    ),
    "no_place.csv": text("indicateur;période;valeur", "esa_budget;2025;7,68"),
    "no_place_many.csv": text("indicateur;mois;valeur", "airport_passengers;2024-12;623395"),
    "no_place_two.csv": text("indicateur;an;valeur", "esa_budget;2025;7,68", "airbus_deliveries;2025;793"),
    "extra_columns.csv": text("indicateur;zone;an;valeur;Auteur;Commentaire", "esa_budget;ESA;2025;7,68;AB;vu"),
    "export_french.csv": BOM
    + text(
        EXPORT_HEAD,
        f"esa_budget;ESA;;2024;observée;7,79;;;;;;;{EXPORT_TAIL}",
        f"esa_budget;ESA;;2025;observée;7,68;;;;;;;{EXPORT_TAIL}",
        f"esa_budget;ESA;;2027;attendue;8,5;8;9;7;10;6;11;{EXPORT_TAIL}",
        end="\r\n",
    ),
    "export_english.csv": text(
        EXPORT_HEAD.replace(";", ","),
        "esa_budget,ESA,,2025,observed,7.68,,,,,,,billion current euros,ESA,'=licence,1 (2026-11-22)",
        "esa_budget,ESA,,2027,expected,8.5,8,9,7,10,6,11,billion current euros,ESA,'=licence,1 (2026-11-22)",
        end="\r\n",
    ),
    "guarded_text.csv": text(ENGLISH, "esa_budget,ESA,,2024,7.79", "falcon_orders,WORLD,,2010,'-9"),
    # -- shapes
    "wide_indicators.csv": text("Année;airbus_deliveries;Livraisons d'ATR", "2024;766;35", "2025;793;32"),
    "wide_indicators_item.csv": text("year,orbital_launches_by_orbit", "2023,133", "2024,160"),
    "wide_indicators_place.csv": text("zone;an;high_tech_exports_share", "FRA;2022;22,98", "FRA;2023;23,68"),
    "wide_periods.csv": text(
        "indicateur;zone;2023;2024;2025", "airbus_deliveries;Monde;735;766;793", "esa_budget;ESA;7,08;7,79;7,68"
    ),
    "wide_periods_quarters.csv": text(
        "indicator,T1 2025,T2 2025,T3 2025", "semiconductor_sales_quarterly,167.7,179.7,208.4"
    ),
    "wide_periods_months.csv": text("indicateur;mai 2026;juin 2026;juil. 2026", "brent_price;107,14;85,4;83,76"),
    "wide_periods_no_name.csv": text("zone;2024;2025", "ESA;7,79;7,68"),
    "wide_duplicate.csv": text("an;airbus_deliveries;Livraisons d'avions commerciaux Airbus", "2025;793;793"),
    "wide_duplicate_period.csv": text("indicateur;2024;2025;2024", "airbus_deliveries;766;793;766"),
    "wide_stranger.csv": text("an;airbus_deliveries;livraisons_de_zeppelins", "2024;766;2", "2025;793;3"),
    "wide_note.csv": text("an;airbus_deliveries;remarque", "2024;766;bonne année", "2025;793;"),
    "one_stranger.csv": text("Année;Zeppelins", "2024;12", "2025;13"),
    # -- periods
    "quarters_compact.csv": chips("2025Q1", "2025 Q2", "2025-T3", "2025T4"),
    "quarters_words.csv": chips("T1 2025", "2T2025", "T3-2025", "Q4/2025"),
    "quarters_long.csv": chips("1er trim. 2025", "2e trim. 2025", "3e trimestre 2025", "4e trimestre 2025"),
    "months_compact.csv": brent("2026M01", "2026M02", "2026/03"),
    "months_slash.csv": brent("01/2026", "02/2026", "3/2026"),
    "months_french.csv": brent("janv. 2026", "février 2026", "Mars 2026", "AVR. 2026", "mai 2026"),
    "months_english.csv": brent("January 2026", "Feb 2026", "mar 2026"),
    "months_excel.csv": brent("janv-26", "févr.-26", "mars-26"),
    "days_slash.csv": brent("01/01/2026", "28/02/2026", "31/03/2026"),
    "days_iso.csv": brent("2026-01-31", "2026-02-28", "2026-03-31"),
    "days_dots.csv": brent("01.01.2026", "01.02.2026", "01.03.2026"),
    "days_dashes.csv": brent("31-01-2026", "28-02-2026", "31-03-2026"),
    "days_of_years.csv": short("esa_budget;ESA;01/01/2024;7,79", "esa_budget;ESA;31/12/2025;7,68"),
    "days_of_quarters.csv": chips("31/03/2025", "30/06/2025", "01/07/2025"),
    "day_inside.csv": brent("01/01/2026", "15/02/2026", "01/03/2026"),
    "american_dates.csv": brent("01/31/2026", "02/28/2026", "03/01/2026"),
    "impossible_day.csv": brent("01/01/2026", "30/02/2026"),
    "mixed_periods.csv": brent("2026-01", "2026-02", "mars 2026", "2026-04"),
    "bad_period.csv": brent("2026-01", "2026-13", "printemps"),
    "wrong_frequency.csv": short("brent_price;WORLD;2025;68,4", "esa_budget;ESA;2025-Q1;2", "esa_budget;ESA;2024;7,79"),
    "future.csv": short("esa_budget;ESA;2025;7,68", "esa_budget;ESA;2099;9,1"),
    "running.csv": short("esa_budget;ESA;2026;8,26"),
    # -- numbers
    "thousands_space.csv": short("us_tsa_passengers;USA;2026-07;83 340 163"),
    "thousands_fixed_space.csv": short("us_tsa_passengers;USA;2026-07;83\u00a0340\u00a0163"),
    "thousands_thin_space.csv": short("us_tsa_passengers;USA;2026-07;83\u202f340\u202f163"),
    "thousands_point.csv": short("us_tsa_passengers;USA;2026-07;83.340.163"),
    "thousands_comma.csv": short("us_tsa_passengers;USA;2026-07;83,340,163"),
    "thousands_apostrophe.csv": short(
        "us_tsa_passengers;USA;2026-06;80'731'354", "us_tsa_passengers;USA;2026-07;83’340’163"
    ),
    "thousands_and_decimals.csv": short("military_expenditure_usd;Monde;2024;2 740 418,51"),
    "exponent.csv": short("military_expenditure_usd;Monde;2024;2,74041851E+06"),
    "percent.csv": short("world_load_factor;Monde;2023;82,1 %", "world_load_factor;Monde;2024;83,2%"),
    "percentage_elsewhere.csv": short("esa_budget;ESA;2024;7,79", "esa_budget;ESA;2025;-1,4 %"),
    "negatives.csv": short("falcon_orders;WORLD;2009;(163)", "falcon_orders;WORLD;2010;\u22129"),
    "empty_markers.csv": short(
        *(
            f"airbus_deliveries;WORLD;{1990 + place};{mark}"
            for place, mark in enumerate(("", "NA", "n/a", "nd", "n.d.", "-", ".", "..", ":", "…", "...", "–", "#N/A"))
        ),
        "airbus_deliveries;WORLD;2025;793",
    ),
    "ambiguous.csv": short("esa_budget;FRA;2024;1,234", "esa_budget;FRA;2025;1,345"),
    "ambiguous_quoted.csv": text(ENGLISH, 'esa_budget,FRA,,2024,"1,234"'),
    "settled_by_column.csv": short("brent_price;WORLD;2026-05;107,14", "brent_price;WORLD;2026-06;85,400"),
    "settled_by_separator.csv": text(ENGLISH, "brent_price,WORLD,,2026-06,85.400", "brent_price,WORLD,,2026-07,83.760"),
    "settled_by_history.csv": short("brent_price;WORLD;2026-06;85,400", "brent_price;WORLD;2026-07;83,760"),
    "settled_by_history_point.csv": short("gulfstream_deliveries;WORLD;2025;158.000"),
    "two_decimals.csv": esa("6,49", "7.15", "7,08", "7,79"),
    "words_for_numbers.csv": esa("6,49", "beaucoup", "12 €", "VRAI", "7,68"),
    "infinite.csv": esa("6,49", "inf", "1e999", "2e18"),
    "formulas.csv": esa("6,49", "=1+1", "@SUM(A1)", "+cmd|calc", "=7,68"),
    "broken_thousands.csv": esa("6,49", "1 23", "12,34,56"),
    # -- as other tools write them
    "eurostat.csv": text(
        "DATAFLOW,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG",
        "ESTAT:A(1.0),A,PAS,DE,2019,,c",
        "ESTAT:A(1.0),A,PAS,UK,2021,48000000,p",
        "ESTAT:A(1.0),A,PAS,UK,2022,99000000,f",
    ),
    "eurostat.tsv": text("freq,unit,geo\\TIME_PERIOD\t2023 \t2024 ", "A,PAS,DE\t173829091 \t: "),
    "fred.csv": text("observation_date,DCOILBRENTEU", "2026-07-01,83.76", "2026-08-01,82.5", "2026-09-01,."),
    "world_bank.csv": text(
        "Country Name,Country Code,Indicator Name,2023,2024",
        '"Germany",DEU,GDP (current US$),4525703903627,4659929336890',
    ),
    "codes_of_two_letters.csv": short("ifr_flights;FR;2026-07;158000", "ifr_flights;uk;2026-07;199000"),
    "double_mark.csv": BOM + BOM + short("esa_budget;ESA;2025;7,68"),
    "marks_inside.csv": BOM
    + short("esa_budget;ESA;\u200e2024;7,79")
    + BOM
    + text('"esa_budget\u200b";ESA;2025;\u20607,68', end="\r\n"),
    "old_mac_nul.csv": text(ENGLISH, "esa_budget,ESA,,2024,7.79", "esa_budget,ESA,,2025,7\x00", end="\r"),
    "typeset_numbers.csv": short(
        "us_tsa_passengers;USA;2026-08;82\u2007340\u2007163",
        "us_tsa_passengers;USA;2026-09;81\u2009340\u2009163",
        "falcon_orders;WORLD;2009;\u2013163",
        "falcon_orders;WORLD;2010;\uff0d9",
    ),
    "missing_words.csv": short(
        *(
            f"airbus_deliveries;WORLD;{1990 + place};{mark}"
            for place, mark in enumerate(("ns", "s.o.", "///", "null", "None", "<NA>", "(s)", ": c", ":u", "c"))
        ),
        "airbus_deliveries;WORLD;2025;793",
    ),
    "status_marks.csv": short(
        "brent_price;WORLD;2026-08;82,5 (p)", "brent_price;WORLD;2026-09;81,9 e", "brent_price;WORLD;2026-10;81 b"
    ),
    "guarded_periods.csv": short("esa_budget;ESA;'2024;'7,79", "esa_budget;ESA;2025 (p);7,68"),
    "rounded.csv": short("us_tsa_passengers;USA;2026-08;8,23E+07", "us_tsa_passengers;USA;2026-09;8,1234567E7"),
    "years_with_a_point.csv": text(
        "indicator,geo,period,value", "esa_budget,ESA,2024.0,7.79", "esa_budget,ESA,2025.0,7.68"
    ),
    "months_digits.csv": brent("202601", "202602", "202603"),
    "months_year_first.csv": brent("2026 JAN", "2026 févr.", "2026-mars"),
    "days_digits.csv": brent("20260131", "20260228", "20260331"),
    "quarters_short.csv": chips("T1-25", "2T25", "Q3/25", "4T-25"),
    "quarters_named.csv": chips("trim. 1 2025", "trimestre 2 2025", "Trim.3 2025"),
    "serial_days.csv": brent("46023", "46054"),
    "year_and_month.csv": text("indicateur;année;mois;valeur", "brent_price;2026;8;82,5"),
    "daily.csv": text(
        "Date,us_tsa_passengers",
        *(f"2026-08-{day:02d},{2_000_000 + day}" for day in range(1, 32)),
        "2026-09-01,2000032",
        "2026-09-02,2000033",
    ),
    "daily_rates.csv": text(
        "date;eur_usd",
        *(f"{day:02d}/09/2026;1,1{day:02d}" for day in range(1, 31) if date(2026, 9, day).weekday() < 5),
    ),
    "weekly.csv": text("date;brent_price", *(f"{day:02d}/10/2026;81,{day:02d}" for day in range(2, 31, 7))),
    "one_day_each.csv": text("date;brent_price", "15/08/2026;82,5", "15/09/2026;81,9", "15/10/2026;81,2"),
    "half_year.csv": short("esa_budget;ESA;S1 2026;4,1", "esa_budget;ESA;2025/26;8"),
    # -- columns that say more than their head
    "airport_column.csv": text("indicateur;Aéroport;mois;valeur", "airport_passengers;Nice-Côte d'Azur;2024-12;908000"),
    "unread_place.csv": text(
        "indicateur;Ville desservie;mois;valeur",
        "airport_passengers;Nice-Côte d'Azur;2024-12;623395",
        "airport_passengers;Toulouse-Blagnac;2024-11;574201",
    ),
    "unread_item.csv": text("indicateur;zone;Famille;an;valeur", "airbus_deliveries;Monde;Famille A320;2025;607"),
    "publisher_places.csv": text(
        "Country or Area,ISO3,M49 Code,Year,Value,Value Footnotes",
        '"Russian Federation",RUS,643,2022,2266029240645,1',
        '"Korea, Rep.",KOR,410,2022,1673916511799,',
    ),
    "world_place.csv": text(
        "indicateur;Landnaam;an;valeur", "gdp_current_usd;België;2024;664564000000", "gdp_current_usd;Zweden;2024;1"
    ),
    "second_place.csv": text(
        "indicateur;Pays déclarant;Pays partenaire;an;valeur", "fr_aerospace_exports;France;Japon;2024;1200"
    ),
    "second_place_unknown_head.csv": text("indicateur;an;valeur;pays;vers", "esa_budget;2025;1,3;France;Norvège"),
    "part_column.csv": text(
        "STRUCTURE,REF_AREA,INDICATOR,SEX,Sex,AGE,TIME_PERIOD,OBS_VALUE,OBS_STATUS",
        "DATAFLOW,ITA,researchers_per_million,M,Male,_T,2021,1720.5,A",
        "DATAFLOW,ITA,researchers_per_million,M,Male,_T,2022,1722.5,P",
    ),
    "part_column_elsewhere.csv": text("indicateur;zone;Tranche d'âge;an;valeur", "esa_budget;ESA;25-34 ans;2025;7,68"),
    "mixed_column.csv": text(
        "REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE",
        "ITA,researchers_per_million,F,2021,900.5",
        "ITA,researchers_per_million,_T,2022,2700.5",
    ),
    "total_column.csv": text(
        "REF_AREA,INDICATOR,SEX,AGE,COUNTERPART_AREA,TIME_PERIOD,OBS_VALUE",
        "ITA,researchers_per_million,_T,TOTAL,W,2022,2713.5",
    ),
    "filter_column.csv": text("indicateur;zone;Contrat;an;valeur", "esa_budget;ESA;pluriannuel;2025;7,68"),
    "unit_mult.csv": text(
        "REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT",
        "ITA,gdp_current_usd,2024,2380825.1,USD,6",
        "ITA,gdp_current_usd,2023,2304605139862,USD,0",
    ),
    "scalar_factor.csv": text(
        "GEO,Date,gdp_current_usd,SCALAR_FACTOR,SCALAR_ID,VECTOR", "Canada,2024,2243.6,billions ,9,v1"
    ),
    "power_code_unknown.csv": text("zone;an;gdp_current_usd;PowerCode", "ITA;2024;2380825,1;Myriades"),
    "power_code_of_a_rate.csv": text("zone;mois;eur_usd;Magnitude", "EMU;2026-09;1180;-3", "EMU;2026-10;1.18;3"),
    "wide_places.csv": text(
        "Année;France;Allemagne", "2023;3051831611384;4525703903627", "2024;3160442622465;4659929336890"
    ),
    "one_place.csv": text("an;Allemagne", "2024;4659929336890"),
    "wide_items.csv": text("an;Famille A320;A350;Total", "2024;602;57;766", "2025;607;57;793"),
    "headless.csv": text("an;airbus_deliveries;;atr_deliveries", "2024;766;11;35", "2025;793;12;32"),
    "other_unit.csv": text("indicateur;zone;an;Valeur (M€)", "esa_budget;FRA;2024;1 234", "esa_budget;FRA;2025;1 345"),
    "unit_in_title.csv": text(
        "an;Livraisons d'ATR (unités);Budget de l'Agence spatiale européenne (Md€)", "2024;35;7,79", "2025;32;7,68"
    ),
    "unit_column.csv": text(
        "indicateur;zone;an;valeur;unité", "esa_budget;FRA;2025;1 345;M€", "atr_deliveries;WORLD;2025;32;unités"
    ),
    "other_currency.csv": text("an;Budget de l'Agence spatiale européenne (Md$)", "2025;7,7"),
    "turned_digits.csv": short("esa_budget;ESA;2025;\u202e86,7"),
    "short_rows.csv": text(
        "indicateur;zone;an;valeur;note;auteur", "esa_budget;ESA;2024;7,79;vu;AB", "esa_budget;ESA;2025;7,68"
    ),
    "title_above_wide.csv": text("Livraisons d'avions", "", "Année;airbus_deliveries;atr_deliveries", "2025;793;32"),
    "title_above_periods.csv": text("Tableau 3", "indicateur;2024;2025", "airbus_deliveries;766;793"),
    # -- dates that can be meant in two ways
    "fiscal_years.csv": short(
        "esa_budget;ESA;2009-10;3,592", "esa_budget;ESA;2010-11;3,745", "esa_budget;ESA;2011-12;4"
    ),
    "utc_months.csv": short(
        "brent_price;WORLD;2026-05-31T22:00:00Z;85,4", "brent_price;WORLD;2026-06-30T22:00:00Z;83,76"
    ),
    # -- decimals, zeros
    "decimal_typo.csv": short("eur_usd;EMU;2026-07;1,163", "eur_usd;EMU;2026-08;1,171", "eur_usd;EMU;2026-09;1.18"),
    "zero.csv": short("brent_price;WORLD;2026-08;82,5", "brent_price;WORLD;2026-09;0"),
    # -- what is no table, under other names
    "fragment.xls": text("<meta charset=utf-8>", "<table><tr><td>indicateur;valeur</td></tr></table>"),
    "records.csv": text('[{"indicator": "esa_budget", "period": "2025", "value": 7.68}]'),
    "document_late.csv": b"\r\n%PDF-1.4\n",
    "before_97.xls": b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(200),
    # -- names that are not known
    "unknown_indicator.csv": short("airbus_deliverys;WORLD;2025;793", "esa_budget;ESA;2025;7,68"),
    "unknown_indicator_far.csv": short("xyzzy;WORLD;2025;793"),
    "unknown_place.csv": short("esa_budget;Lune;2025;7,68", "esa_budget;NA;2025;7,68"),
    "unknown_item.csv": text(FRENCH, "airbus_deliveries;WORLD;a321;2025;607", "airbus_deliveries;WORLD;zzz;2025;1"),
    "empty_cells.csv": short(";ESA;2025;7,68", "esa_budget;;2025;7,68", "esa_budget;ESA;;7,68", "esa_budget;;;"),
    # -- rows and columns
    "no_value.csv": text("indicateur;zone;période;montant", "esa_budget;ESA;2025;7,68"),
    "no_period.csv": text("indicateur;zone;valeur", "esa_budget;ESA;7,68"),
    "no_indicator.csv": text("zone;période;valeur", "ESA;2024;7,79", "ESA;2025;7,68"),
    "title_above.csv": text(
        "Budget de l'ESA (service études);;;", "", "indicateur;zone;période;valeur", "esa_budget;ESA;2025;7,68"
    ),
    "title_alone.csv": text(
        "Budget de l'ESA, en Md€", "Source: ESA", "", "indicateur;zone;période;valeur", "esa_budget;ESA;2025;7,68"
    ),
    "two_periods.csv": text("indicateur;zone;année;date;valeur", "esa_budget;ESA;2025;2025;7,68"),
    "ragged.csv": text(ENGLISH, "esa_budget,ESA,2024,7.79", "esa_budget,ESA,,2025,7.68", "esa_budget,ESA,,2023,7,08"),
    "unclosed_quote.csv": text(ENGLISH, "esa_budget,ESA,,2024,7.79", '"esa_budget,ESA,,2025,7.68', "a,b,c,d,e"),
    "text_after_quote.csv": text(ENGLISH, 'esa_budget,"ES"A,,2024,7.79', "esa_budget,ESA,,2025,7.68"),
    "one_column.csv": text("valeurs", "1", "2"),
    "repeated.csv": text(ENGLISH, "esa_budget,ESA,,2025,7.68", "esa_budget,ESA,,2025,7.680"),
    "duplicate.csv": text(ENGLISH, "esa_budget,ESA,,2025,7.68", "esa_budget,ESA,,2025,7.7"),
    # -- beside the past
    "new_series.csv": short("esa_budget;FRA;2024;2,3"),
    "new_series_item.csv": text(FRENCH, "esa_budget;ESA;Orbite basse;2024;2,3"),
    "gap.csv": short("brent_price;WORLD;2026-10;81,5", "brent_price;WORLD;2026-08;82,5"),
    "gap_declared.csv": short("atr_backlog;WORLD;2022;160", "atr_backlog;WORLD;2025;160"),
    "factor_1000.csv": short("brent_price;WORLD;2026-08;82500", "brent_price;WORLD;2026-09;81900"),
    "factor_million.csv": short("fr_aerospace_turnover;FRA;2025;80000000"),
    "fraction_1000.csv": short("us_tsa_passengers;USA;2026-08;81900"),
    "spike.csv": short("brent_price;WORLD;2026-08;4100", "brent_price;WORLD;2026-09;81,9"),
    "jump.csv": short("brent_price;WORLD;2026-08;290,5"),
    "sign_change.csv": short("brent_price;WORLD;2026-08;-82,5"),
    "unchanged.csv": short(*(f"nickel_price;WORLD;2026-{month:02d};18805,77" for month in range(6, 11))),
    "revision.csv": short("esa_budget;ESA;2024;7,9", "esa_budget;ESA;2025;8,9"),
    # -- know-how
    "knowhow.csv": text(KNOWHOW, f"Essais;au cœur;{REST}", end="\r\n", encoding="cp1252"),
    "knowhow_english.csv": BOM
    + text(
        "Know-How,judged,definition,reason,air_transport,commercial aircraft,Business aviation,helicopters,Military"
        " aviation,SPACE,Électronique,Systèmes embarqués,drones",
        "testing,2026-11-22,,,some,core,some,core,core,core,some,some,some",
        'Additive manufacturing,01/11/2026,ISO/ASTM 52900,"Shorter chains, fewer parts",-,some,\u2013,,\u2212,CORE,,,',
    ),
    "knowhow_faults.csv": text(
        f"{KNOWHOW};définition;jugé le;Trains",
        f"Essais;au cœur;{REST};;2026-11-22;",
        f"Usinage;beaucoup;{REST};;30/02/2026;x",
        f"essais;au cœur;{REST};;;",
        f";un peu;{REST};;2099-01-01;",
        f"Usinnage;un peu;{REST};;;",
        "Chaudronnerie;un peu",
    ),
    "knowhow_one_language.csv": text(f"{KNOWHOW};raison_fr;raison_en", f"Essais;au cœur;{REST};Autre raison.;"),
    "knowhow_no_market.csv": text("savoir-faire;définition", "Essais;NACE Rev. 2, 71.20"),
    "knowhow_unserved.csv": text(
        KNOWHOW.removesuffix(";Drones"), f"Essais;au cœur;{REST}".removesuffix(";un peu").replace("un peu", "-", 1)
    ),
    "knowhow_twice.csv": text(f"{KNOWHOW};space;Raison;reason", f"Essais;un peu;{REST};un peu;;"),
    "knowhow_many.csv": text(KNOWHOW, *(f"Métier {n};un peu;{REST}" for n in range(101))),
    "knowhow_title_above.csv": text("Le tableau de 2026", KNOWHOW, f"Essais;un peu;{REST}"),
    "knowhow_strange.csv": text(
        f"{KNOWHOW};définition;raison",
        f"Essais;=1+1;{REST};;",
        f"<img src=x onerror=alert(1)>;un peu;{REST};'=HYPERLINK(1);@cmd",
    ),
    # -- what is no table
    "empty.csv": b"",
    "blank.csv": b"\r\n \r\n\r\n",
    "only_a_mark.csv": BOM,
    "header_only.csv": text(FRENCH),
    "no_figures.csv": short("esa_budget;ESA;2025;", "esa_budget;ESA;2024;n/a"),
    "nul_bytes.csv": text(ENGLISH, "esa_budget,ESA,,2025,7\x0068"),
    "control.csv": text(ENGLISH, "esa_budget,ESA,,2024,7.79", "esa_budget,\x07ESA,,2025,7.68"),
    "unknown_encoding.csv": text(ENGLISH) + b"esa_budget,\x81\x8d,,2025,7.68\n",
    "broken_utf16.csv": b"\xff\xfe" + text(ENGLISH, encoding="utf-16-le") + b"\x00\xd8a",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "document.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "web_page.xls": b"<html><body><table><tr><td>indicator</td></tr></table></body></html>",
    "archive.csv": packed({"figures.csv": text(ENGLISH)}),
    "document.docx": packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
    "old.xls": COMPOUND + b"Workbook",
    "locked.xlsx": COMPOUND + "EncryptedPackage".encode("utf-16-le"),
    "calc.ods": packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<o/>"}),
    "binary.xlsb": packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x00"}),
    "text.xlsx": text(FRENCH, "esa_budget;ESA;;2025;7,68"),
}


WRITTEN |= {name: text(*lines) for name, lines in TEXT_LINES.items()}


def publisher_workbook(sheets: dict[str, tuple[tuple[object, ...], ...]]) -> bytes:
    """A workbook in the form of a publisher: its sheets in order, with their rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbooks() -> dict[str, bytes]:
    """The workbooks of the corpus; their bytes hold the moment at which they are made."""
    plain = workbook(*BOOK)
    sheet = "xl/worksheets/sheet1.xml"
    return {
        "book.xlsx": plain,
        "book.csv": plain,
        "sheets.xlsx": workbook(*BOOK, change=_two_sheets),
        "book_dates.xlsx": workbook(
            HEAD,
            ("brent_price", "WORLD", date(2026, 6, 1), 85.4),
            ("brent_price", "WORLD", date(2026, 7, 31), 83.76),
            change=_dates,
        ),
        "book_percent_quoted.xlsx": workbook(
            HEAD,
            ("world_load_factor", "Monde", 2023, 82.1),
            ("world_load_factor", "Monde", 2024, 83.2),
            ("esa_budget", "ESA", 2025, 3.4),
            change=_percent_quoted,
        ),
        "book_hidden_sheet.xlsx": workbook(HEAD, ("esa_budget", "ESA", 2025, 9.99), change=_hidden_sheet),
        "book_hidden_rows.xlsx": workbook(*BOOK, change=_hidden_rows),
        "book_merged_note.xlsx": workbook(*BOOK, (), ("Source : ESA",), change=_merged_note),
        "book_merged_head.xlsx": workbook(
            ("Année", "Airbus", ""), ("", "Commandes brutes", "Livraisons"), (2025, 1000, 793), change=_merged_head
        ),
        "book_noise.xlsx": workbook(HEAD, ("esa_budget", "ESA", 2025, 7.680000000000001)),
        "book_serial_days.xlsx": workbook(HEAD, ("brent_price", "WORLD", 46235, 82.5)),
        "book_mixed_dates.xlsx": workbook(
            HEAD,
            ("brent_price", "WORLD", date(2026, 5, 1), 107.14),
            ("brent_price", "WORLD", date(2026, 6, 1), 85.4),
            ("brent_price", "WORLD", "juil. 2026", 83.76),
        ),
        "book_knowhow.xlsx": workbook(
            (*KNOWHOW.split(";"), "jugé le"),
            ("Essais", "au cœur", *REST.split(";"), date(2026, 11, 2)),
            ("Usinage", 2, *REST.split(";")),
        ),
        "book_wide.xlsx": workbook(("indicateur", date(2026, 6, 1), date(2026, 7, 1)), ("brent_price", 85.4, 83.76)),
        "book_years.xlsx": workbook(("indicateur", "zone", 2024, 2025), ("esa_budget", "ESA", 7.79, 7.68)),
        "book_formula.xlsx": workbook(*BOOK, ("esa_budget", "ESA", 2023, "=D2-0.71")),
        "book_errors.xlsx": workbook(*BOOK, ("esa_budget", "ESA", 2023, "#N/A"), ("esa_budget", "ESA", 2022, "#REF!")),
        "book_merged.xlsx": workbook(*BOOK, change=_merged),
        "book_percent.xlsx": workbook(
            HEAD,
            ("world_load_factor", "Monde", 2023, 0.821),
            ("world_load_factor", "Monde", 2024, 0.832),
            change=_percent,
        ),
        "book_far_away.xlsx": workbook(*BOOK, (), (), change=_far_away),
        "book_texts.xlsx": workbook(HEAD, ("esa_budget", "ESA", "2024", "7,79"), ("esa_budget", "ESA", "2025", "7,68")),
        "book_short_rows.xlsx": workbook((*HEAD, "note"), ROW, ("esa_budget", "ESA", 2024)),
        "book_precise.xlsx": workbook(HEAD, ("high_tech_exports_share", "FRA", 2023, 23.6797082010726)),
        "book_thousand.xlsx": workbook(HEAD, ("esa_budget", "FRA", 2024, 1.234)),
        "book_empty.xlsx": workbook(),
        "book_title_above.xlsx": workbook(("Budget de l'ESA",), (), *BOOK),
        "book_late_fault.xlsx": workbook((), (), *BOOK, (), ("esa_budget", "ESA", 2023, "sept")),
        "truncated.xlsx": plain[: len(plain) // 2],
        "no_xml.xlsx": replaced(plain, sheet, b"\x00\x01 not XML"),
        "no_sheet.xlsx": replaced(plain, "xl/workbook.xml", b"<workbook/>"),
        "laughs.xlsx": replaced(
            plain,
            sheet,
            b"<!DOCTYPE x [" + LAUGHS + b"]>" + SHEET % b'<row r="1"><c r="A1" t="str"><v>&l11;</v></c></row>',
        ),
        "far_row.xlsx": replaced(plain, sheet, SHEET % b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>'),
        "far_column.xlsx": replaced(plain, sheet, SHEET % b'<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'),
    }


def too_large() -> bytes:
    """A text one byte over the limit."""
    return text(ENGLISH).ljust(settings.MAX_UPLOAD_BYTES + 1, b"\n")


def bomb() -> bytes:
    """A small workbook that unpacks to hundreds of megabytes."""
    return replaced(workbook(*BOOK), "xl/worksheets/sheet1.xml", SHEET % (b" " * (200 << 20)))


def dense() -> bytes:
    """A small workbook within the limit in bytes, that holds what no table of its weight does."""
    return replaced(workbook(*BOOK), "xl/worksheets/sheet1.xml", SHEET % (b" " * (40 << 20)))


def liar() -> bytes:
    """A workbook whose directory says that its sheet is small."""
    content = bytearray(bomb())
    size, sentence = (len(SHEET) - 2 + (200 << 20)).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert size in content
    return bytes(content.replace(size, sentence))


def many_rows() -> bytes:
    """More rows than are examined."""
    return text(ENGLISH) + b"a,b,c,d,e\n" * (settings.MAX_ROWS + 1)


def many_columns() -> bytes:
    """More columns than are examined."""
    return text(";".join(["indicateur", *map(str, range(settings.MAX_COLUMNS))]), "esa_budget;1")


def many_figures() -> bytes:
    """A wide table of more values than a long one may have rows."""
    days = [f"{1900 + month // 12}-{month % 12 + 1:02d}" for month in range(1000)]
    rows = settings.MAX_ROWS // 1000 + 1
    return text(";".join(["indicateur", *days]), *([";".join(["brent_price", *("1" * 1000)])] * rows))


def long_cell() -> bytes:
    """A comment longer than Python's csv takes by itself."""
    return text(
        "indicateur;zone;an;valeur;note", "esa_budget;ESA;2024;7,79;" + "x" * 200_000, "esa_budget;ESA;2025;sept;"
    )


BUILT: dict[str, Callable[[], bytes]] = {
    "too_large.csv": too_large,
    "bomb.xlsx": bomb,
    "dense.xlsx": dense,
    "liar.xlsx": liar,
    "many_rows.csv": many_rows,
    "many_columns.csv": many_columns,
    "many_figures.csv": many_figures,
    "long_cell.csv": long_cell,
}


def write() -> None:
    """Writes every file that is kept."""
    publishers = {name: publisher_workbook(sheets) for name, sheets in SHEET_ROWS.items()}
    for name, content in {**WRITTEN, **workbooks(), **publishers}.items():
        (FILES / name).write_bytes(content)


if __name__ == "__main__":
    write()

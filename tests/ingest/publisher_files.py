"""Files in the forms of publishers, of made figures: lines of texts, and rows of sheets."""

from datetime import date

_ECB_HEAD = "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,DECIMALS,TITLE,UNIT"
_STATCAN_HEAD = (
    '"REF_DATE","GEO","DGUID","UOM","UOM_ID","SCALAR_FACTOR","SCALAR_ID","VECTOR","VALUE","STATUS","DECIMALS"'
)
_COMTRADE_HEAD = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,cmdCode,cmdDesc,qty,cifvalue,fobvalue,primaryValue,isReported"
)
_EUROSTAT_LABELS = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,unit,Unit of measure,geo,"
    "Geopolitical entity (reporting),TIME_PERIOD,Time,OBS_VALUE,Observation value,OBS_FLAG,"
    "Observation status (Flag) V2 structure"
)
_OECD_LABELS = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,Frequency of observation,REF_AREA,Reference area,"
    "UNIT_MEASURE,Unit of measure,TIME_PERIOD,Time period,OBS_VALUE,Observation value,COUNTRY,Country,"
    "OBS_STATUS,Observation status,UNIT_MULT,Unit multiplier,DECIMALS,Decimals"
)
_FLOW = "DATAFLOW,TEST:DF_AIR(1.0)"

# Lines of text files, by name; those of Windows end in \r\n, the others in \n.
TEXT_LINES: dict[str, tuple[str, ...]] = {
    "insee_bdm.csv": (
        '"Libellé";"Indice CVS-CJO de la production - Construction aéronautique et spatiale";"Codes"',
        '"idBank";"010999999";""',
        '"Dernière mise à jour";"08/01/2026 08:45";""',
        '"Période";"";""',
        '"2025-12";"125.5";"P"',
        '"2025-11";"126.25";"A"',
    ),
    "insee_bdm_rows.csv": (
        '"Libellé";"idBank";"Dernière mise à jour";"Période";"2025-11";"2025-12"',
        '"Indice CVS-CJO de la production - Aéronautique";"010999999";"08/01/2026 08:45";"";"126.25";"125.5"',
    ),
    "webstat.csv": (
        "Titre :;Cours de la livre sterling",
        "Code série :;EXR.M.GBP.EUR.SP00.A",
        "Unité :;Livre Sterling (GBP)",
        "Magnitude :;Unités (0)",
        "Méthode d'observation :;Moyenne de la période (A)",
        "Source :;Donnée d'essai",
        "2026-08-31;0,8625",
        "2026-07-31;0,8610",
        "2026-06-30;-",
    ),
    "webstat_millions.csv": (
        "Titre :;Budget de l'Agence spatiale européenne",
        "Code série :;TEST.A.BUDGET",
        "Unité :;Euro (EUR)",
        "Magnitude :;Millions (6)",
        "2025-12-31;7680",
        "2024-12-31;7790",
    ),
    "eurostat_flags.tsv": (
        "freq,unit,geo\\TIME_PERIOD\t2018 \t2019 \t2020 ",
        "A,PAS,DE\t109796000 b\t109632000 bep\t: c",
        "A,PAS,UK\t165388000 \t142393000 u\t: ",
    ),
    "eurostat_part.tsv": (
        "freq,unit,age,geo\\TIME_PERIOD\t2018 \t2019 ",
        "A,PAS,Y25T34,DE\t9796000 \t9632000 ",
    ),
    "eurostat_labels.csv": (
        _EUROSTAT_LABELS,
        f"{_FLOW},Air passengers,A,Annual,PAS,Passenger,DE,Germany,2018,,109796000,,p,provisional",
        f"{_FLOW},Air passengers,A,Annual,PAS,Passenger,EU27_2020,"
        "European Union - 27 countries (from 2020),2018,,709796000,,,",
    ),
    "eurostat_both.csv": (
        "STRUCTURE,STRUCTURE_ID,freq: Time frequency,geo: Geopolitical entity (reporting),TIME_PERIOD: Time,"
        "OBS_VALUE: Observation value,OBS_FLAG: Observation status (Flag) V2 structure",
        f"{_FLOW},A: Annual,DE: Germany,2018,109796000,",
        f"{_FLOW},A: Annual,EA20: Euro area – 20 countries (from 2023),2018,609796000,e: estimated",
    ),
    "oecd_codes.csv": (
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,DECIMALS",
        f"{_FLOW},I,A,FRA,PAS,2018,70188000,A,0,0",
        f"{_FLOW},I,A,DEU,PAS,2018,109796000,A,0,0",
    ),
    "oecd_labels.csv": (
        _OECD_LABELS,
        f"{_FLOW},Air passengers,I,A,Annual,FRA,France,PAS,Passengers,2018,,70188000,,FRA,France,A,Normal value,0,"
        "Units,0,Zero",
        f"{_FLOW},Air passengers,I,A,Annual,DEU,Germany,PAS,Passengers,2018,,109796000,,DEU,Germany,A,Normal value,0,"
        "Units,0,Zero",
    ),
    "oecd_legacy.csv": (
        '"LOCATION","Country","TIME","Time","Unit Code","Unit","PowerCode Code","PowerCode","Value","Flag Codes",Flags',
        '"FRA","France","2018","2018","PAS","Passengers","0","Units",70188000,,',
        '"DEU","Germany","2018","2018","PAS","Passengers","0","Units",109796000,,',
    ),
    "world_bank_api.csv": (
        '"Data Source","World Development Indicators",',
        "",
        '"Last Updated Date","2026-07-01",',
        "",
        '"Country Name","Country Code","Indicator Name","Indicator Code","2018","2019","2020",',
        '"World","WLD","Air transport, passengers carried","IS.AIR.PSGR","4242000000","4557000000","",',
        '"Germany","DEU","Air transport, passengers carried","IS.AIR.PSGR","109796000","109632000","",',
    ),
    "databank.csv": (
        "Country Name,Country Code,Series Name,Series Code,2018 [YR2018],2019 [YR2019],2020 [YR2020]",
        'France,FRA,"Air transport, passengers carried",IS.AIR.PSGR,70188000,71289000,..',
        'World,WLD,"Air transport, passengers carried",IS.AIR.PSGR,4242000000,4557000000,..',
        ",,,,,,",
        ",,,,,,",
        "Data from database: World Development Indicators,,,,,,",
        "Last Updated: 07/01/2026,,,,,,",
    ),
    "fred_series.csv": ("observation_date,IPG3364S", "2026-02-01,95.5", "2026-03-01,96.25", "2026-04-01,."),
    "fred_old.csv": ("DATE,VALUE", "2026-02-01,95.5", "2026-03-01,96.25"),
    "ecb.csv": (
        _ECB_HEAD,
        'EXR.M.GBP.EUR.SP00.A,M,GBP,EUR,SP00,A,2026-07,0.8610,A,4,"Pound sterling/Euro, monthly",GBP',
        'EXR.M.GBP.EUR.SP00.A,M,GBP,EUR,SP00,A,2026-08,0.8625,A,4,"Pound sterling/Euro, monthly",GBP',
    ),
    "ecb_portal.csv": (
        '"DATE","TIME PERIOD","Pound sterling/Euro ECB reference exchange rate (EXR.M.GBP.EUR.SP00.A)"',
        '"2026-07-31","2026Jul","0.8610"',
        '"2026-08-31","2026Aug","0.8625"',
    ),
    "ons.csv": (
        '"Title","Average Sterling exchange rate: Euro"',
        '"CDID","TEST"',
        '"Source dataset ID","MRET"',
        '"PreUnit","£"',
        '"Unit",""',
        '"Release date","20-09-2026"',
        '"Next release","18 October 2026"',
        '"Important notes",',
        '"2025","0.85"',
        '"2026 Q2","0.8642"',
        '"2026 JUL","0.8610"',
        '"2026 AUG","0.8625"',
    ),
    "destatis.csv": (
        "Wechselkurse: Euro-Länder, Monate;;",
        "Statistik der Wechselkurse;;",
        "Euro-Länder;;",
        ";;Pfund Sterling je Euro",
        ";;GBP",
        "2026;Juli;0,8610",
        "2026;August;0,8625",
        "__________",
        "© Statistisches Bundesamt (Destatis), 2026",
        "Stand: 12.09.2026 / 10:11:12",
    ),
    "statcan.csv": (
        _STATCAN_HEAD,
        '"2018","Canada","2016A000011124","Number","223","units ","0","v1","89380000","","0"',
        '"2019","Canada","2016A000011124","Number","223","units ","0","v1","93355000","p","0"',
    ),
    "bls_matrix.csv": (
        "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Annual",
        "2025,90.1,90.2,90.3,90.4,90.5,90.6,90.7,90.8,90.9,91.0,91.1,91.2,90.65",
        "2026,95.1,95.2,95.3,,,,,,,,,,",
    ),
    "months_by_years.csv": ("Mois;2025;2026", "janvier;90,1;95,1", "février;90,2;95,2", "mars;90,3;95,3"),
    "quarters_in_columns.csv": ("Année;T1;T2;T3;T4", "2024;150,5;160,5;170,5;180,5", "2025;167,5;179,5;208,5;236,5"),
    "bls_columns.csv": (
        "Series ID,Year,Period,Label,Value",
        "TEST00000001,2026,M02,2026 Feb,95.5",
        "TEST00000001,2026,M03,2026 Mar,96.25",
    ),
    "eia.csv": (
        "Europe Brent Spot Price FOB",
        "https://www.eia.gov/dnav/pet/hist/LeafHandler.ashx?n=PET&s=RBRTE&f=M",
        "09:21:16 GMT+0200 (Central European Summer Time)",
        "Source: U.S. Energy Information Administration",
        "Month,Europe Brent Spot Price FOB Dollars per Barrel",
        "Sep 2026,81.25",
        "Aug 2026,82.5",
    ),
    "census.csv": (
        '"U.S. Census Bureau"',
        '"Source: Manufacturers\' Shipments, Inventories, and Orders"',
        '"Defense Aircraft and Parts: U.S. Total, Seasonally Adjusted Value of Shipments [Millions of Dollars]"',
        '"Data Extracted on: September 12, 2026"',
        "",
        '"Period","Value"',
        '"Jan-2026","5500"',
        '"Feb-2026","5525"',
        '"Mar-2026","NA"',
    ),
    "undata.csv": (
        '"Country or Area","Year","Value","Value Footnotes"',
        '"Germany","2018","109796000","1"',
        '"France","2018","70188000",""',
        "",
        '"footnoteSeqID","Footnote"',
        '"1","Made for a test, 2026"',
    ),
    "comtrade.csv": (
        _COMTRADE_HEAD,
        '"C","A","20230101","2023","52","2023","251","FRA","France","X","Export","0","W00","World","TOTAL",'
        '"All Commodities","0",,"115256000000","115256000000","false"',
    ),
    "owid.csv": (
        "Entity,Code,Year,Air passengers",
        "World,OWID_WRL,2018,4242000000",
        "Germany,DEU,2018,109796000",
    ),
    "pandas_index.csv": (",eur_gbp", "2026-07-31,0.861", "2026-08-31,0.8625"),
    "pandas_row_numbers.csv": (",geo,period,air_passengers_carried", "0,DEU,2018,109796000", "1,FRA,2018,70188000"),
    "pandas_columns_name.csv": ("indicator,eur_gbp,eur_usd", "period,,", "2026-07,0.861,1.15", "2026-08,0.8625,1.16"),
    "pandas_places.csv": (",2018,2019", "France,70188000,71289000", "Germany,109796000,109632000"),
    "jdemetra.csv": (
        ";Production aéronautique et spatiale, États-Unis;Production d'avions et de pièces, États-Unis",
        "2026-02-01;95,500001;96,100001",
        "2026-03-01;96,250001;96,200001",
    ),
    "dgac.csv": (
        "ANMOIS,APT,APT_NOM,APT_PAX_dep,APT_PAX_arr,APT_PAX_tr",
        "202501,LFBO,TOULOUSE-BLAGNAC,246465,249046,1257",
        "202502,LFBO,TOULOUSE-BLAGNAC,276015,260766,1214",
    ),
    "eurocontrol.csv": (
        "entry_date,country_icao_code,country_name,flt_daio,flt_dai",
        "2026-08-01,LF,France,298000,98000",
        "2026-09-01,LF,France,289000,99000",
    ),
    "total_row.csv": (
        "indicateur;zone;période;valeur",
        "airbus_deliveries;Monde;2024;766",
        "airbus_deliveries;Monde;2025;793",
        "Total;;;1559",
        "Source : Airbus, extrait le 12/01/2026;;;",
    ),
    "notes_below.csv": (
        "zone;période;airbus_deliveries",
        "Monde;2024;766",
        "Monde;2025;793",
        "",
        "(1) Livraisons nettes",
        "Source : Airbus; extrait le 12/01/2026",
    ),
    "table_below.csv": (
        "zone;période;airbus_deliveries",
        "Monde;2024;766",
        "",
        "2025;793",
    ),
    "no_head.csv": ("Passagers en millions", "Relevé du service études", "2024-07;0,851", "2024-08;0,852"),
    "no_head_at_all.csv": ("2026-07;0,8610", "2026-08;0,8625"),
}

# Rows of sheets, by sheet and workbook.
SHEET_ROWS: dict[str, dict[str, tuple[tuple[object, ...], ...]]] = {
    "insee_bdm.xlsx": {
        "valeurs_mensuelles": (
            ("Libellé", "Indice CVS-CJO de la production - Aéronautique et spatial", "Codes"),
            ("idBank", "010999999", None),
            ("Dernière mise à jour", "08/01/2026 08:45", None),
            ("Période", None, None),
            ("2025-12", 125.5, "P"),
            ("2025-11", 126.25, "A"),
        ),
        "caractéristiques": (("Code", "Libellé"), ("P", "Donnée provisoire")),
    },
    "pink_sheet.xlsx": {
        "Monthly Prices": (
            ("World Bank Commodity Price Data (The Pink Sheet)",),
            ("monthly prices in US dollars, made for a test",),
            (None,),
            ("Updated on September 02, 2026",),
            (None, "Aluminum", "Copper", "Crude oil, Dubai"),
            (None, "($/mt)", "($/mt)", "($/bbl)"),
            ("2026M06", 3650.5, 13500.25, 80.5),
            ("2026M07", 3655.5, 13600.25, "…"),
        ),
    },
    "fred.xlsx": {
        "README": (("FRED Graph Observations",), ("Federal Reserve Economic Data",)),
        "Monthly": (("observation_date", "IPG3364S"), (date(2026, 2, 1), 95.5), (date(2026, 3, 1), 96.25)),
    },
    "eia.xlsx": {
        "Contents": (("Workbook Contents",), ("Europe Brent Spot Price FOB (Dollars per Barrel)",)),
        "Data 1": (
            ("Back to Contents", "Data 1: Europe Brent Spot Price FOB (Dollars per Barrel)"),
            ("Sourcekey", "RBRTE"),
            ("Date", "Europe Brent Spot Price FOB (Dollars per Barrel)"),
            (date(2026, 8, 1), 82.5),
            (date(2026, 9, 1), 81.25),
        ),
    },
    "bls.xlsx": {
        "BLS Data Series": (
            ("Industrial production, test series",),
            ("Original Data Value",),
            (None,),
            ("Series Id:", "TEST00000001"),
            ("Seasonally Adjusted",),
            ("Years:", "2025 to 2026"),
            (None,),
            ("Year", "Jan", "Feb", "Mar", "Annual"),
            (2025, 90.1, 90.2, 90.3, 90.2),
            (2026, 95.1, 95.2, None, None),
        ),
    },
}

"""Pictograms of the markets: names of files in assets/icons."""

_MARKETS = {
    "air_transport": "transport-aerien",
    "business_aviation": "aviation-d-affaires",
    "commercial_aircraft": "avions-commerciaux",
    "drones": "drones",
    "electronics": "electronique",
    "embedded_systems": "systemes-embarques",
    "helicopters": "helicopteres",
    "military_aviation": "aviation-militaire",
    "space": "spatial",
}
_ANY_MARKET = "marches"


def market_icon(segment: str) -> str:
    """The pictogram of a market by its ID; a general one for a market without its own."""
    return _MARKETS.get(segment, _ANY_MARKET)

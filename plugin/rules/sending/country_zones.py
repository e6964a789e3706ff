"""Which time zone counts for somebody in a country: of one with several, where they live as far as the region says it,
else where most people live."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from babel.core import get_global

from plugin.rules import zones

CHIEF: Final[Mapping[str, str]] = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby", "PS": "Asia/Gaza",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""Where most people of a country live that has several zones (CLDR knows which those are)."""
_REGIONS: Final[Mapping[str, str]] = {
    "America/Chicago": "US-AL US-AR US-IA US-IL US-KS US-LA US-MN US-MO US-MS US-ND US-NE US-OK US-SD US-TN US-TX"
    " US-WI",
    "America/Denver": "US-CO US-ID US-MT US-NM US-UT US-WY",
    "America/Phoenix": "US-AZ",
    "America/Los_Angeles": "US-CA US-NV US-OR US-WA",
    "America/Anchorage": "US-AK",
    "Pacific/Honolulu": "US-HI",
    "America/Vancouver": "CA-BC CA-YT",
    "America/Edmonton": "CA-AB CA-NT",
    "America/Regina": "CA-SK",
    "America/Winnipeg": "CA-MB",
    "America/Halifax": "CA-NS CA-NB CA-PE",
    "America/St_Johns": "CA-NL",
    "Australia/Brisbane": "AU-QLD",
    "Australia/Adelaide": "AU-SA",
    "Australia/Darwin": "AU-NT",
    "Australia/Perth": "AU-WA",
    "America/Manaus": "BR-AM BR-RO BR-RR BR-MT BR-MS",
    "America/Tijuana": "MX-BC",
    "America/Hermosillo": "MX-SON",
    "Atlantic/Canary": "ES-GC ES-TF",
    "Atlantic/Azores": "PT-20",
    "Asia/Makassar": "ID-BA ID-NB ID-NT ID-SN ID-SR ID-GO ID-SA ID-ST ID-SG ID-KI ID-KS ID-KU",
    "Asia/Jayapura": "ID-PA ID-PB ID-MA ID-MU",
}
"""Regions by ISO 3166-2, as Shopify names provinces, whose clocks are not those of the country's most people."""
_BY_REGION: Final = {region: zone for zone, regions in _REGIONS.items() for region in regions.split()}


@lru_cache(maxsize=4096)
def zone_of(country: str, region: str = "") -> str:
    """The zone's name; empty for a country that has none, or that this machine does not know.

    >>> zone_of("PH"), zone_of("US"), zone_of("US", "CA"), zone_of("XX")
    ('Asia/Manila', 'America/New_York', 'America/Los_Angeles', '')
    """
    of_country = get_global("territory_zones").get(country, [])
    found = _BY_REGION.get(f"{country}-{region}") or CHIEF.get(country) or (of_country[0] if of_country else "")
    return found if zones.is_known(found) else ""

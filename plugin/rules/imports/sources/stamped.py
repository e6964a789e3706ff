"""Stamped Loyalty. The columns of its importer; `add_points` would be given on top and is left out unless chosen.

Source: stampedsupport.stamped.io 10040527162651 (first_name, last_name, email, points, add_points, birthday 1990-10-24,
vip_tier, vip_tier_end_date). The columns of its export are on no public page that was found.
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "stamped",
    "Stamped",
    tells=names("vip tier end date, add points, points earned lifetime, date joined, loyalty status"),
    all_of=(names("vip tier end date"), names("points, add points")),
    columns={Meaning.POINTS: (names("points"),)},
    dates="ymd",
)

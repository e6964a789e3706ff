"""Smile. Its points file has `email` and `points`; a customer has the fields of its API.

Sources: help.smile.io, “Import points with a CSV file”; dev.smile.io, “Customer object” (a year of 1004 means that only
day and month are known; `state` is candidate, member or disabled). The columns of the customer export in its panel are
on no public page that was found.
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "smile",
    "Smile",
    tells=names("referral url, date of birth"),
    all_of=(names("id, first name, last name, email, state, date of birth, points balance, referral url"),),
    columns={Meaning.BIRTHDAY: (names("date of birth"),), Meaning.EXCLUDED: (names("state"),)},
    dates="ymd",
)

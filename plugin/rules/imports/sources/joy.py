"""Joy. What its help says of the export of customers.

Source: help.joy.so, “Import & Export customer data” (Email, Name, Membership Type, Points, Birthday, Created Date; for
an import `Birthday(MM/DD)`, month before day).
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "joy",
    "Joy",
    tells=names("membership type, birthday mm dd, created date"),
    all_of=(names("email, membership type, points"), names("email, points, birthday mm dd")),
    columns={
        Meaning.TIER: (names("membership type"),),
        Meaning.JOINED: (names("created date"),),
        Meaning.BIRTHDAY: (names("birthday mm dd, birthday"),),
    },
    dates="mdy",
)

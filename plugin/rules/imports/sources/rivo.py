"""Rivo. The template of its import, and the profile that its webhook sends.

Sources: help.rivo.io 6671188, “Using CSV files” (Email, Points Balance, Birthdate, VIP Tier, Activation Date, Credits
Balance); developer-docs.rivo.io, `loyalty_profile/updated` (`dob` is 06-30, month before day). Its credits are money,
and are not points.
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "rivo",
    "Rivo",
    tells=names("credits balance, points tally, credits tally, activation date, loyalty status, birthdate"),
    all_of=(names("email, points balance, birthdate"), names("points tally")),
    columns={
        Meaning.POINTS: (names("points tally, points balance"),),
        Meaning.BIRTHDAY: (names("dob, birthdate"),),
        Meaning.JOINED: (names("activation date"),),
        Meaning.EXCLUDED: (names("loyalty status"),),
    },
    dates="md",
)

"""Suki's own export of members.

Source: `plugin/store/privacy/exports.py`. Its dates are ISO, its birthdays month and day.
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "suki",
    "Suki",
    all_of=(names("member, customer id, email, balance, owed, joined, last activity"),),
    columns={
        Meaning.POINTS: (names("balance"),),
        Meaning.REFERRAL: (names("referral word"),),
        Meaning.EXCLUDED: (names("state"),),
    },
    others=names("member"),
    dates="md",
)

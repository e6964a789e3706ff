"""Yotpo Loyalty & Referrals. Its import has column titles of its own; its export an address, names, points, a link.

Sources: support.yotpo.com, “Importing/Exporting Points and Customers” (Full Name, First Name, Last Name, Email, Points
Balance, Points Spent, Birthday (MM/DD) or (MM/DD/YYYY)); community.yotpo.com 649 (what the export holds);
support.yotpo.com, “Importing or Adjusting Your Customers' Points” (Emails, Points).
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import OUT_WORDS, Source

SOURCE = Source(
    "yotpo",
    "Yotpo",
    tells=names(
        "current points balance, points spent, birthday mm dd or mm dd yyyy, swell point balance, swell points earned,"
        " swell referral link, swell vip tier name, vip tier ends at, opt in date, total points earned, opted in at"
    ),
    all_of=(
        names("email address, current points balance, referral link"),
        names("emails, current points balance"),
        names("email, first name, last name, points balance, referral link"),
    ),
    columns={
        Meaning.POINTS: (names("current points balance, points balance, swell point balance"),),
        Meaning.LIFETIME: (names("total points earned, points earned, swell points earned"),),
        Meaning.BIRTHDAY: (names("birthday mm dd or mm dd yyyy, birthday"),),
        Meaning.REFERRAL: (names("referral link, swell referral link"),),
        Meaning.TIER: (names("vip tier name, swell vip tier name"),),
        Meaning.JOINED: (names("opt in date, opted in at"),),
        Meaning.EXCLUDED: (names("opted in, loyalty status"),),
    },
    dates="mdy",
    excluded=OUT_WORDS,
)

"""Growave. Points have up to two decimals there; here they are whole.

Sources: help.growave.io 350, “Rewards FAQ” (Customer ID, Email, Points; First Name, Last Name, Birthdate (YYYY-MM-DD);
two decimals). The columns of its own export are on no public page that was found.
"""

from __future__ import annotations

from plugin.rules.imports.meanings import names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "growave",
    "Growave",
    all_of=(names("customer id, email, points, first name, last name, birthdate"),),
    dates="ymd",
    decimals=True,
)

"""What a column of a file of members can be, and the headings that say so, whoever wrote the file.

What is pending, spent, expired, or credit in money, is never the points. Consent to marketing is known only to be left
out: Shopify holds it, and a file proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from plugin.rules.imports.table_file import Ranks


class Meaning(StrEnum):
    """What a column is. `CONSENT` is never used."""

    EMAIL = "email"
    CUSTOMER_ID = "customer_id"
    POINTS = "points"
    LIFETIME = "lifetime"
    TIER = "tier"
    BIRTHDAY = "birthday"
    JOINED = "joined"
    REFERRAL = "referral"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NAME = "name"
    LANGUAGE = "language"
    EXCLUDED = "excluded"
    NOTE = "note"
    CONSENT = "consent"


PEOPLE: Final = frozenset({Meaning.EMAIL, Meaning.CUSTOMER_ID})
"""What says who a line is about."""
FACTS: Final = frozenset(Meaning) - PEOPLE - {Meaning.NOTE, Meaning.CONSENT}
"""What a line says of somebody."""


def names(text: str) -> frozenset[str]:
    """Headings as `heading_key` writes them, from a list with commas."""
    return frozenset(each.strip() for each in text.split(","))


GENERAL: Final[Mapping[Meaning, Ranks]] = {
    Meaning.EMAIL: (
        names("customer email, customer email address, customer e mail, shopify customer email, member email"),
        names("email, e mail, email address, e mail address, emails, email id, user email, contact email"),
    ),
    Meaning.CUSTOMER_ID: (
        names("shopify customer id, shopify id, shopify customer number"),
        names("customer id, customerid, customer shopify id"),
    ),
    Meaning.POINTS: (
        names(
            "points approved, approved points, available points, points available, available point balance,"
            " available points balance, spendable points, points spendable, redeemable points, usable points,"
            " points to spend"
        ),
        names(
            "points balance, point balance, balance points, balance point, points current balance,"
            " current points balance, current point balance, current points, current point, current balance,"
            " available balance, points tally, loyalty points balance, loyalty point balance, reward points balance,"
            " rewards points balance, loyalty balance, rewards balance, remaining points, points remaining,"
            " points left, customer points balance, points now"
        ),
        names(
            "points, point, loyalty points, reward points, rewards points, customer points, member points, balance,"
            " points to add, points change, points amount, add points, adjust points, points adjustment"
        ),
    ),
    Meaning.LIFETIME: (
        names(
            "lifetime points, points lifetime, total points earned, lifetime points earned, points earned lifetime,"
            " total earned points, points ever earned"
        ),
        names("points earned, total earned, earned points, all time points"),
    ),
    Meaning.TIER: (
        names("vip tier, vip tier name, tier name, loyalty tier, current tier, current vip tier, membership tier"),
        names("tier, vip level, membership type, membership level, level, vip status, member tier, loyalty level"),
    ),
    Meaning.BIRTHDAY: (
        names("birthday, birthdate, birth date, date of birth, dob, birth day, customer birthday, born"),
        names("birthday mm dd, birthday mm dd or mm dd yyyy, birthday dd mm, birthday yyyy mm dd, birthday mm dd yyyy"),
    ),
    Meaning.JOINED: (
        names("joined, joined at, join date, date joined, member since, enrolled at, enrolled on, enrollment date"),
        names("activation date, signup date, sign up date, opted in at, registered at, registration date, joined on"),
        names("created at, created date, date created, customer since, created"),
    ),
    Meaning.REFERRAL: (
        names("referral code, referral id, refer code, referral word"),
        names("referral link, referral url, refer link, refer a friend link, share link, referral"),
    ),
    Meaning.FIRST_NAME: (names("first name, firstname, given name, customer first name, forename"),),
    Meaning.LAST_NAME: (names("last name, lastname, surname, family name, customer last name"),),
    Meaning.NAME: (names("name, full name, customer name, member name, customer"),),
    Meaning.LANGUAGE: (names("language, locale, lang, customer locale, preferred language"),),
    Meaning.EXCLUDED: (
        names("blocked, excluded, banned, is blocked, is excluded, blacklisted, disabled"),
        names("loyalty status, state, status, member status, customer state, program status, programme status"),
    ),
    Meaning.NOTE: (names("note, notes, reason, comment, internal note"),),
    Meaning.CONSENT: (
        names(
            "accepts marketing, accepts email marketing, email marketing consent, marketing consent, marketing opt in,"
            " email consent, sms consent, accepts sms marketing, subscribed, opt in, opted in, opt out, newsletter,"
            " consent"
        ),
    ),
}

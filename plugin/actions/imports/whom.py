"""Whom the lines of a file are about: members there are, people to be added, and those who were forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members import add_members
from plugin.actions.privacy import remembered
from plugin.rules.imports.lines import Row
from plugin.rules.types import Buyer
from plugin.store.imports import people
from plugin.store.members import members
from plugin.store.members.members import Member, email_key


def who(row: Row) -> object:
    """The customer, else the address in small letters."""
    return row.customer_id if row.customer_id is not None else email_key(row.email)


def members_of(conn: Connection, shop_id: int, rows: Sequence[Row]) -> dict[int, Member]:
    """The member that each line means, where there is one: by customer ID, else by email."""
    by_id = members.by_customers(conn, shop_id, {row.customer_id for row in rows if row.customer_id is not None})
    keys = {email_key(row.email) for row in rows if row.customer_id is None}
    by_email = members.guests_by_email(conn, shop_id, keys) | members.by_proved_email(conn, shop_id, keys)
    found = {}
    for row in rows:
        member = by_id.get(row.customer_id) if row.customer_id is not None else by_email.get(email_key(row.email))
        if member is not None:
            found[row.line] = member
    kept = members.by_ids(conn, shop_id, {m.merged_into for m in found.values() if m.merged_into is not None})
    return {line: kept[m.merged_into] if m.merged_into is not None else m for line, m in found.items()}


def everybody(
    conn: Connection, shop_id: int, rows: Sequence[Row], joined: Mapping[int, datetime], now: datetime
) -> tuple[dict[int, Member], set[int]]:
    """The member of each line, and the ids of those who were added: since the day that the file says (`joined`)."""
    found = members_of(conn, shop_id, rows)
    missing = [row for row in rows if row.line not in found]
    if not missing:
        return found, set()
    buyers = {who(row): _buyer(row) for row in missing}
    since = {buyers[who(row)]: joined.get(row.line, now) for row in missing}
    add_members.add(conn, shop_id, list(buyers.values()), since, now, source="imported")
    added = members_of(conn, shop_id, missing)
    return found | added, {member.id for member in added.values()}


def _buyer(row: Row) -> Buyer:
    return Buyer(row.customer_id, row.email, row.first_name, row.last_name, row.language)


def forgotten_lines(conn: Connection, shop_id: int, rows: Iterable[Row], key: bytes) -> set[int]:
    """The lines about people who were forgotten and have not come back."""
    said = {row.line: (row.customer_id, "" if row.customer_id else row.email) for row in rows}
    erased = remembered.who_stays_forgotten(conn, shop_id, said.values(), key) if key else set()
    return {line for line, person in said.items() if person in erased}


def repeated(
    conn: Connection, shop_id: int, import_id: int, rows: Sequence[Row], known: Mapping[int, Member], *, first: bool
) -> dict[int, int]:
    """Lines about somebody of whom an earlier line spoke, and which; `first` while the file is looked at."""
    numbers = {row.line: _numbers(row, known.get(row.line)) for row in rows}
    lines: dict[int, int] = {}
    for row in rows:
        for number in numbers[row.line]:
            lines.setdefault(number, row.line)
    have = (
        people.first_lines(conn, shop_id, import_id, lines)
        if first
        else people.known_lines(conn, shop_id, import_id, lines)
    )
    earliest = {row.line: min(have.get(number, row.line) for number in numbers[row.line]) for row in rows}
    return {line: at for line, at in earliest.items() if at < line}


def _numbers(row: Row, member: Member | None) -> list[int]:
    """By which a person is known again within a file: what the line says, and which member it means."""
    said = [f"{who(row)!r}"] + ([f"member {member.id}"] if member else [])
    return [int.from_bytes(hashlib.blake2b(each.encode(), digest_size=8).digest(), signed=True) for each in said]

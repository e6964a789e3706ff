"""A redemption begins: it is written down, and what it is for is asked for, booked or handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.rules.money import minor_digits, to_minor
from plugin.rules.rewards.own_rewards import NOTHING
from plugin.store.codes import partner_codes
from plugin.store.rewards import donations, fulfilments, own_redemptions, redemptions
from plugin.store.shops import seal
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind


def begin(conn: Connection, shop_id: int, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[tuple[int, str]]:
    """Write new redemptions down; answers (id, subject) of those that did not exist before.

    One for which no code is left is released at once. Unreadable, and the transaction is to end: a code that is there
    cannot be read, so nobody gets it and no points are taken.
    """
    made = redemptions.reserve(conn, rows)
    new = {number for number, _ in made}
    for row in rows:
        if row["id"] in new and row["code_state"] == NOTHING:
            _hand_over(conn, shop_id, row, now)
    wanted = [row["id"] for row in rows if row["id"] in new and row["code_state"] == "wanted"]
    jobs.queue(conn, shop_id, JobKind.CODE, wanted, now)
    return made


def _hand_over(conn: Connection, shop_id: int, row: Mapping[str, Any], now: datetime) -> None:
    terms, number = row["terms"], row["id"]
    if terms["kind"] == "custom":
        fulfilments.add(conn, shop_id, number, now)
    elif terms["kind"] == "donation":
        amount = to_minor(str(terms["value"]), minor_digits(terms["currency"]))
        donations.add(conn, shop_id, number, terms["cause"], amount, terms["currency"])
    elif (taken := partner_codes.take(conn, shop_id, row["reward"], number)) is None:
        own_redemptions.release(conn, shop_id, number, "no_codes", "suki", now)
    else:
        keys, where = seal.seal_of(conn), seal.of_partner_code(shop_id, row["reward"], taken.mark)
        code = keys.open(taken.secret, where)
        redemptions.keep_secret(conn, shop_id, number, keys.close(code, seal.of_redemption(shop_id, number)))

"""Write what members said of themselves to their customer in Shopify, where the merchant sees it.

Shopify's own birth date wants a year, which we do not ask for: the day is `suki.birthday`, as `MM-DD`. What is
gone is written as "-", for a metafield cannot be empty. Their newest score is `suki.survey_nps` or `suki.survey_csat`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from plugin.actions.members.push_members import NAMESPACE
from plugin.actions.members.reached import reached
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import user_errors
from plugin.rules.reach import Surface
from plugin.store.database.db import shop_transaction
from plugin.store.members import members, profiles
from plugin.store.members.profiles import Profile
from plugin.store.reports import survey_answers
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

MEMBERS_PER_CALL = 2
MOST_ANSWERS = 10
"""Shopify takes 25 metafields a call; eleven each are possible."""


def carry_out_all(work: Work, shop: Shop, batch: Sequence[Job]) -> dict[int, str]:
    """Write these members' metafields; answers the error of each job that Shopify refused."""
    ids = [job.number for job in batch]
    with shop_transaction(work.engine, shop.id) as conn:
        people = members.by_ids(conn, shop.id, ids)
        known = profiles.get(conn, shop.id, ids)
        scores = survey_answers.scores(conn, shop.id, ids)
    owners = {key: one.customer_id for key, one in reached(shop, people.values(), Surface.METAFIELD).items()}
    fields = [
        field
        for key in ids
        if key in owners
        for field in (*_fields(owners[key], known.get(key)), *_scores(owners[key], scores.get(key, {})))
    ]
    if not fields:
        return {}
    errors = user_errors(work.execute(shop, queries.SET_METAFIELDS, {"metafields": fields})["metafieldsSet"])
    if not errors:
        return {}
    if len(batch) > 1:
        return {key: words for job in batch for key, words in carry_out_all(work, shop, [job]).items()}
    found = work.execute(shop, queries.CUSTOMER_EXISTS, {"id": fields[0]["ownerId"]})
    return {batch[0].id: errors[0].message} if found["customer"] is not None else {}


def _fields(customer_id: int | None, known: Profile | None) -> list[dict[str, str]]:
    if known is None:
        return []
    born = f"{known.month:02}-{known.day:02}" if known.month and known.day else "-"
    values: Mapping[str, str] = {"birthday": born, **{_key(each): text for each, text in known.answers.items()}}
    kind = "single_line_text_field"
    return [_field(customer_id, key, kind, value) for key, value in list(values.items())[:MOST_ANSWERS]]


def _scores(customer_id: int | None, scores: Mapping[str, int]) -> list[dict[str, str]]:
    return [_field(customer_id, f"survey_{survey}", "number_integer", str(score)) for survey, score in scores.items()]


def _field(customer_id: int | None, key: str, kind: str, value: str) -> dict[str, str]:
    owner = f"gid://shopify/Customer/{customer_id}"
    return {"ownerId": owner, "namespace": NAMESPACE, "key": key, "type": kind, "value": value}


def _key(question: str) -> str:
    return "profile_" + (re.sub(r"[^a-z0-9]+", "_", question.casefold()).strip("_")[:50] or "answer")

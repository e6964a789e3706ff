"""Whom a webhook's body is about: an order, customers, addresses and telephones; never an error.

What a body does not name by its order or its customer is named by its address, else by its telephone: that finds the
orders of guests and of the till. A telephone beside an account or an address is not asked: families share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugin.errors import BadPayload
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import identifier, moment, optional, short_text, thing
from plugin.rules.privacy.marks import address_key, marks_of
from plugin.rules.values.quick import quickly_made

Json = Mapping[str, Any]
WHOLE_ORDERS = ("orders/create", "orders/paid", "orders/updated", "orders/cancelled", "suki/order")
FIRST_SEEN = ("orders/create", "suki/order")
REQUESTS = ("customers/data_request", "customers/redact")


@quickly_made
@dataclass(frozen=True, slots=True)
class About:
    """What identifies whoever a body is about. `emails` and `phones` are those by which it has to be found;
    `own_emails` and `own_phones` are said of the account itself."""

    order_id: int | None = None
    customers: tuple[int, ...] = ()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    own_emails: frozenset[str] = frozenset()
    own_phones: frozenset[str] = frozenset()
    account_since: datetime | None = None

    def marks(self, key: bytes, shop_id: int) -> set[int]:
        """By what the delivery is found beside its order."""
        customers = () if self.order_id else self.customers
        return marks_of(key, shop_id, customers, self.emails, self.phones)

    def person(self, key: bytes, shop_id: int) -> set[int]:
        """By what the person is recognised."""
        return marks_of(key, shop_id, self.customers, self.emails | self.own_emails, self.phones)


NOBODY = About()


def about(topic: str, body: bytes) -> About:
    """What a stored or arriving body says; NOBODY where it cannot be read or is about the shop."""
    try:
        payload = json_text.read(body)
    except BadPayload:
        return NOBODY
    return about_whom(topic, payload)


def about_whom(topic: str, payload: Json) -> About:
    """The same of a body that has been read."""
    if topic in WHOLE_ORDERS:
        return _order(payload, first=topic in FIRST_SEEN)
    if topic == "orders/delete":
        return About(_id(payload.get("id")))
    if topic == "orders/edited":
        return About(_id(thing(payload.get("order_edit")).get("order_id")))
    if topic == "refunds/create":
        return About(_id(payload.get("order_id")))
    if topic.startswith("checkouts/"):
        return _asked({**thing(payload.get("customer")), "email": payload.get("email")})
    if topic in REQUESTS:
        return _asked(thing(payload.get("customer")))
    return _customer(topic, payload)


def _id(value: object) -> int | None:
    return optional(identifier, value)


def _ids(*values: object) -> tuple[int, ...]:
    return tuple(number for number in map(_id, values) if number is not None)


def _emails(*values: object) -> frozenset[str]:
    return frozenset(filter(None, (address_key(short_text(value)) for value in values)))


def _phones(*values: object) -> frozenset[str]:
    return frozenset(filter(None, (short_text(value) for value in values)))


def _order(payload: Json, *, first: bool) -> About:
    """`first`: what is said of the account is the same in each later delivery of the order, and is taken from one."""
    customer = thing(payload.get("customer"))
    who = _ids(customer.get("id"))
    own = _emails(customer.get("email"))
    emails = _emails(payload.get("email"), payload.get("contact_email")) | (frozenset() if who else own)
    phones = _phones(
        payload.get("phone"),
        customer.get("phone"),
        *(thing(payload.get(place)).get("phone") for place in ("shipping_address", "billing_address")),
    )
    return About(
        order_id=_id(payload.get("id")),
        customers=who,
        emails=emails - own if who else emails,
        phones=frozenset() if who or emails else phones,
        own_emails=own if who and first else frozenset(),
        own_phones=_phones(customer.get("phone")) if who and first else frozenset(),
        account_since=optional(moment, customer.get("created_at")),
    )


def _asked(customer: Json) -> About:
    who, emails = _ids(customer.get("id")), _emails(customer.get("email"))
    phones = _phones(customer.get("phone"))
    return About(customers=who, emails=frozenset() if who else emails, phones=frozenset() if who or emails else phones)


def _customer(topic: str, payload: Json) -> About:
    if topic == "customers/merge":
        names = ("admin_graphql_api_customer_kept_id", "admin_graphql_api_customer_deleted_id")
        return About(customers=_ids(*(payload.get(name) for name in names)))
    if topic.startswith("customer.tags_"):
        return About(customers=_ids(payload.get("customerId")))
    if topic.startswith("customers_email_"):
        return About(customers=_ids(payload.get("customer_id")))
    if not topic.startswith("customers/"):
        return NOBODY
    return About(
        customers=_ids(payload.get("id")),
        own_emails=_emails(payload.get("email")),
        own_phones=_phones(payload.get("phone")),
        account_since=optional(moment, payload.get("created_at")),
    )

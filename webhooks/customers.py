"""Customer payloads, parsed at the door: customers/create, update and merge; changed tags and consents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugin.errors import BadPayload
from plugin.rules.payloads import json_text
from plugin.rules.payloads.payload_values import identifier as identifier
from plugin.rules.payloads.payload_values import moment as moment
from plugin.rules.payloads.payload_values import optional
from plugin.rules.types import Buyer

Json = Mapping[str, Any]
NAME_LIMIT = 255
EMAIL_LIMIT = 320
_QUOTED = re.compile("['\"].*['\"]", re.DOTALL)
NO_ACCOUNT = "disabled"
"""Shopify's word for a customer without an account, who can't sign in: made at checkout, or by staff."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class CustomersMerged:
    """Shopify merged one customer into another."""

    kept: int
    removed: int


@dataclass(frozen=True, slots=True)
class TagsChanged:
    """Tags were added to a customer, or removed."""

    customer_id: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentChanged:
    """A customer's consent to marketing mails, and since when, where it is said."""

    customer_id: int
    consent: str
    at: datetime | None


def buyer_of(customer: Json, email: str, locale: str) -> Buyer:
    """Who a customer object is; `email` and `locale` come from the order where it has them."""
    return Buyer(
        customer_id=identifier(customer["id"]) if customer.get("id") else None,
        email=_clean(email, EMAIL_LIMIT),
        first_name=_clean(customer.get("first_name"), NAME_LIMIT),
        last_name=_clean(customer.get("last_name"), NAME_LIMIT),
        locale=_clean(locale, 20),
        created_at=optional(moment, customer.get("created_at")),
        told_at=optional(moment, customer.get("updated_at")),
        verified=_verified(customer, email),
        no_account=customer.get("state") == NO_ACCOUNT,
    )


def _verified(customer: Json, email: str) -> bool:
    """Whether Shopify says that the customer proved this address; what it says is of the account's own address."""
    own = str(customer.get("email") or "").strip().casefold()
    return customer.get("verified_email") is True and bool(own) and own == email.strip().casefold()


def _clean(value: object, limit: int) -> str:
    text = str(value) if value is not None else ""
    return _CONTROL.sub("", text).strip()[:limit]


def in_words(error: Exception) -> str:
    """What is wrong, without the value that a ValueError quotes: it may be personal data."""
    return _QUOTED.sub("…", str(error)) if isinstance(error, ValueError) else str(error)


def customer(topic: str, body: bytes) -> Buyer | CustomersMerged | TagsChanged | ConsentChanged:
    """What one delivery of a customer topic says. Raises BadPayload, naming what is wrong."""
    try:
        payload = json_text.read(body)
        if topic == "customers/merge":
            kept = payload["admin_graphql_api_customer_kept_id"]
            removed = payload["admin_graphql_api_customer_deleted_id"]
            return CustomersMerged(identifier(kept), identifier(removed))
        if topic.startswith("customer.tags_"):
            return _tags_changed(payload, added=topic.endswith("added"))
        return _consent_changed(payload) if topic.startswith("customers_email_") else _customer(payload)
    except KeyError as error:
        raise BadPayload(f"{topic} without {error.args[0]!r}") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadPayload(f"{topic} cannot be read: {in_words(error)}") from error


def _customer(payload: Json) -> Buyer:
    identifier(payload["id"])
    return buyer_of(payload, str(payload.get("email") or ""), str(payload.get("locale") or ""))


def _tags_changed(payload: Json, *, added: bool) -> TagsChanged:
    tags = tuple(_clean(tag, NAME_LIMIT) for tag in payload["tags"])
    at = moment(payload["occurredAt"])
    return TagsChanged(identifier(payload["customerId"]), tags if added else (), () if added else tags, at)


def _consent_changed(payload: Json) -> ConsentChanged:
    consent = payload["email_marketing_consent"]
    since = consent.get("consent_updated_at")
    state = _clean(consent["state"], 40).lower()
    return ConsentChanged(identifier(payload["customer_id"]), state, optional(moment, since))

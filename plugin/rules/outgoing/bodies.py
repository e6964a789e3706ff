"""What an outgoing webhook says: one event as JSON, with names that stay.

Shape, headers and signature follow the Standard Webhooks specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from plugin.rules.events import EventKind

VERSION: Final = 1
"""Of the bodies: new fields may come at any time, anything else is a new version."""
NAMES: Final[Mapping[EventKind, str]] = MappingProxyType({kind: kind.value.replace("_", ".", 1) for kind in EventKind})
"""Each kind of event by the name that it has outside: `points.earned`."""
KINDS: Final[Mapping[str, EventKind]] = MappingProxyType({name: kind for kind, name in NAMES.items()})
TEST: Final = "test"
"""The name of what staff send to try an endpoint."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an event is about: our number, Shopify's, and what of them may leave us, if anything."""

    id: int
    customer_id: int | None = None
    email: str | None = None
    name: str | None = None


def event_id(shop_id: int, number: int) -> str:
    """The id under which a receiver knows an event again, however often it comes."""
    return f"evt_{shop_id}_{number}"


def body(
    key: str,
    name: str,
    happened_at: datetime,
    shop_domain: str,
    person: Person | None,
    subject: str,
    data: Mapping[str, Any],
    *,
    personal: bool,
) -> dict[str, Any]:
    """One event as it is sent. Names and addresses of people are in it only where the endpoint wants them."""
    said: dict[str, Any] = {
        "id": key,
        "type": name,
        "version": VERSION,
        "timestamp": happened_at.isoformat(),
        "shop": shop_domain,
        "subject": subject,
        "member": None,
        "data": dict(data),
    }
    if person is not None:
        said["member"] = {"id": person.id, "customer_id": person.customer_id}
        if personal:
            said["member"] |= {"email": person.email, "name": person.name}
    return said

"""Who of a shop's staff may do what, and what a key of the API opens. Roles only narrow what Shopify allows."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["viewer", "manager", "owner"]
"""From the least to the most: a viewer reads, a manager acts, an owner also says who may."""
Scope = Literal["read", "report", "give"]
"""What a key may be for: read what members have, report what they did, give points."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
SCOPE_WORDS: Final[dict[Scope, str]] = {
    "read": "Read members and orders",
    "report": "Report activities",
    "give": "Give points",
}


def first_role(known: Role | None, *, is_first: bool, owns: bool) -> Role:
    """The role of somebody who opens the app: an owner whom Shopify names so, or where nobody was there before.

    A role that an owner gave stays, unless Shopify says that this is the owner; everybody else begins as a viewer.
    """
    if owns or (is_first and known is None):
        return "owner"
    return known or "viewer"


def allows(role: Role, least: Role) -> bool:
    """Whether a role is enough where at least another is asked for."""
    return ROLES.index(role) >= ROLES.index(least)

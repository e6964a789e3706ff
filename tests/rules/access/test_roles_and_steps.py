"""Who of the staff may do what, and what members confirm by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from plugin.rules.access.roles import ROLES, SCOPE_WORDS, SCOPES, allows, first_role
from plugin.rules.members import second_step


def test_the_roles_from_the_least_to_the_most_and_what_a_key_may_be_for() -> None:
    assert (ROLES, SCOPES) == (("viewer", "manager", "owner"), ("read", "report", "give"))
    assert tuple(SCOPE_WORDS) == SCOPES
    assert {(role, least) for role in ROLES for least in ROLES if allows(role, least)} == {
        ("viewer", "viewer"), ("manager", "viewer"), ("manager", "manager"), ("owner", "viewer"), ("owner", "manager"),
        ("owner", "owner"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("known", "first", "owns", "role"),
    [
        (None, False, False, "viewer"), (None, True, False, "owner"), (None, False, True, "owner"),
        ("viewer", True, False, "viewer"), ("manager", False, False, "manager"), ("viewer", False, True, "owner"),
        ("owner", False, False, "owner"),
    ],
)  # fmt: skip
def test_who_opens_the_app_is_an_owner_where_shopify_says_so_or_nobody_was_there(
    known: Any, first: bool, owns: bool, role: str
) -> None:
    assert first_role(known, is_first=first, owns=owns) == role


def test_what_needs_the_mailbox_as_well() -> None:
    assert second_step.PURPOSES == ("code", "data", "leave")
    assert (timedelta(minutes=15), 3) == (second_step.VALID_FOR, second_step.MAILS_AN_HOUR)

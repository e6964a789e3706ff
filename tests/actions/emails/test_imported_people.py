"""Promotional emails to whom a file brought: an order and consent are both needed."""

from __future__ import annotations

from collections import Counter

from plugin.rules.message_kinds import NO_CONSENT, NOT_ORDERED
from tests.messages.test_promotional_emails import Post, post

__all__ = ["post"]


def test_whom_a_file_brought_gets_none_before_an_order_whatever_they_agreed_to(post: Post) -> None:
    made = post.write("ana@x.example", "ben@x.example", "cy@x.example")
    post.rows("UPDATE members SET source = 'imported' WHERE email <> 'cy@x.example' RETURNING 1")
    post.ordered("ben@x.example", 1, "2026-11-01", "PH")
    post.run()
    assert post.states == [("skipped", NOT_ORDERED), ("sent", ""), ("sent", "")]
    assert post.taken == Counter(made[1:])


def test_whom_a_file_brought_and_who_agreed_to_nothing_gets_none_after_an_order_either(post: Post) -> None:
    post.write("ana@x.example")
    post.rows("UPDATE members SET source = 'imported' RETURNING 1")
    post.ordered("ana@x.example", 1, "2026-11-01", "PH")
    post.says("ana@x.example", "not_subscribed")
    post.run()
    assert post.states == [("skipped", NO_CONSENT)]

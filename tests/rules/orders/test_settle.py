"""The postings of one order, in the order in which they are made."""

from __future__ import annotations

from plugin.rules.orders.settle import Posted, Posting, settle


def test_what_is_taken_back_comes_before_what_is_given_even_a_single_point() -> None:
    assert settle(1, 1, {2: Posted(5, 3)}) == (Posting(2, -5, 4), Posting(1, 1, 1))
    assert settle(3, 1, {2: Posted(5, 3), 3: Posted(1, 1), 1: Posted(2, 2)}) == (
        Posting(2, -5, 4), Posting(3, -1, 2), Posting(1, 1, 3),
    )  # fmt: skip


def test_what_is_right_already_posts_nothing() -> None:
    assert settle(5, 1, {1: Posted(5, 1), 2: Posted(0, 4)}) == ()
    assert settle(5, None, {1: Posted(5, 1)}) == (Posting(1, -5, 2),)
    assert settle(0, None, {}) == ()

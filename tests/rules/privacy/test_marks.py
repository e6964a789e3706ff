"""How somebody is known again, and taken out of what is about others."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plugin.rules.privacy.blanking import Names, blanked, digits_only
from plugin.rules.privacy.kept_for import PERIODS
from plugin.rules.privacy.marks import address_key, mark, marks_of
from plugin.rules.privacy.nobodys import nobodys_view
from plugin.rules.types import Buyer, Whereto
from tests.rules.generated import line, view


def stored(kind: str, value: object) -> int:
    """As rows have it: a change would let nobody be known again who was forgotten."""
    digest = hmac.digest(b"key", f"3|{kind}|{value}".encode(), hashlib.sha256)
    return -(int.from_bytes(digest[:8], "big") >> 1) - 1


def test_marks_are_those_that_are_stored() -> None:
    assert mark(b"key", 3, "email", "ana@example.com") == stored("email", "ana@example.com")
    assert marks_of(b"key", 3, [7, 8], [" Ana@Example.com", "", " "], ["+63 917 123 4567", "123"]) == {
        stored("customer", 7), stored("customer", 8), stored("email", "ana@example.com"), stored("phone", "171234567"),
    }  # fmt: skip
    assert marks_of(b"key", 3) == set()
    assert address_key(" STRASSE@X.de\n") == address_key("straße@x.de") == "strasse@x.de"
    assert all(-(2**63) <= mark(b"key", 3, "customer", number) <= -1 for number in range(200))


ANA = Names.of([7], ["ana@example.com", ""], ["+63 917 123 4567", "12"])


def test_names_are_kept_in_their_plain_form() -> None:
    assert Names(frozenset({7}), frozenset({"ana@example.com"}), frozenset({"171234567"})) == ANA
    assert Names() == Names(frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize(
    "value",
    [7, "ana@example.com", "ANA@Example.com", "To ana@example.com.", "<ana@example.com>", "ana@example.com, ben@x.co",
     "0917-123-4567", "(0917) 123 4567", "x ana@example.com1 ana@example.com", "ana@example.com. Bye",
     "0" * 18 + "+63171234567"],
)  # fmt: skip
def test_what_names_them(value: object) -> None:
    assert ANA.named_by(value)


@pytest.mark.parametrize(
    "value",
    [8, 7.0, True, None, "7", "", "joana@example.com", "x_ana@example.com", "x.ana@example.com", "x+ana@example.com",
     "x-ana@example.com", "1ana@example.com", "ana@example.com.ph", "ana@example.com1", "ana@example.com_",
     "ana@example.com-x", "ana@example.com._", "call 0917 123 4567", "0917 123 4568",
     "0" * 19 + "+63171234567", "171234567a"],
)  # fmt: skip
def test_what_names_somebody_else_or_nobody(value: object) -> None:
    assert not ANA.named_by(value)


def test_no_customer_is_told_by_a_yes() -> None:
    assert not Names(frozenset({1})).named_by(True)
    assert Names(frozenset({1})).named_by(1)


@pytest.mark.parametrize(("text", "there"), [
    ("customer 7 asked", True), ("customer 77", False), ("ANA@example.com", True), ("x7", False), ("7", True),
    ("0917 123 4567", False), ("-7", False), ("#7.", True), ("7.5", False), ("", False), ("a 77 and 7", True),
])  # fmt: skip
def test_a_text_holds_a_name_where_it_stands_by_itself(text: str, there: bool) -> None:
    assert ANA.named_in(text) is there


def test_only_a_telephone_number_has_digits() -> None:
    assert [digits_only(value) for value in ("0917-123-4567", "0917 123 4567 ext", "12345", "1" * 30, "1" * 31)] == [
        "171234567", "", "", "1" * 9, "",
    ]  # fmt: skip


def test_every_name_in_a_body_is_emptied_wherever_it_stands_and_nothing_else() -> None:
    body = {
        "email": "ana@example.com", "id": 7, "other": 8, "note": "Call 0917", "deep": [[{"phone": "09171234567"}, 7]],
        "list": ["ana@example.com", "ben@example.com"], "no": None, "yes": True,
    }  # fmt: skip
    assert blanked(body, ANA) == 5
    assert body == {
        "email": "", "id": "", "other": 8, "note": "Call 0917", "deep": [[{"phone": ""}, ""]],
        "list": ["", "ben@example.com"], "no": None, "yes": True,
    }  # fmt: skip
    assert blanked(body, ANA) == blanked([], ANA) == blanked("ana@example.com", ANA) == 0


def test_a_deep_body_exhausts_no_stack() -> None:
    top: list[object] = []
    inner = top
    for _ in range(100_000):
        deeper: list[object] = []
        inner.append(deeper)
        inner = deeper
    inner.append("ana@example.com")
    assert blanked(top, ANA) == 1
    while top:  # taken apart from the top: so deep a list is too deep for Python to forget
        top = top[0]  # type: ignore[assignment]
        if top == "":
            break


def test_an_order_of_nobody_has_its_sums_and_no_words() -> None:
    order = replace(
        view(line(1, 500, title="For Ana", variant="Ana's"), line(2, 700), discount_codes=("ANA",)),
        codes_minor={"ANA": 5}, whereto=Whereto(datetime(2026, 1, 1, tzinfo=UTC), "PH"), checkout_token="t",
    )  # fmt: skip
    left = nobodys_view(order)
    assert left == replace(
        order, buyer=Buyer(), discount_codes=(), codes_minor=None, whereto=None, checkout_token="",
        lines=tuple(replace(one, title="", variant="") for one in order.lines),
    )  # fmt: skip
    assert [one.price_minor for one in left.lines] == [500, 700]
    assert (left.buyer, left.discount_codes, left.codes_minor, left.whereto, left.checkout_token) == (
        Buyer(), (), None, None, "",
    )  # fmt: skip


def test_how_long_each_kind_of_row_is_kept() -> None:
    assert {key: period.days for key, period in PERIODS.items()} == {
        "webhook_ids": 7, "webhook_bodies": 90, "webhooks": 400, "events": 400, "failed_webhooks": 90,
        "failed_jobs": 180, "mail_words": 400, "checked_files": 1, "done_files": 30, "past_runs": 30,
        "links": 30, "paces": 1,
        "waiting_claims": 7, "access_log": 366, "exports": 30, "opened_exports": 1, "intake_counts": 400,
        "returned_mails": 400, "clicks": 400, "lifted_addresses": 400, "provider_calls": 7, "checkouts": 30,
        "outgoing_webhooks": 30, "sent_forms": 1,
    }  # fmt: skip

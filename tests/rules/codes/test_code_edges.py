"""Codes to the letter: what Shopify is asked for, how long lists may be, and how pools and batches are counted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.rules.codes import code_list, code_sets
from plugin.rules.codes.code_list import CodeList, checked, joined, read
from plugin.rules.codes.code_sets import CodeBatch, Pool, key_of, next_call, pool, pool_size, pools_ahead
from plugin.rules.codes.discounts import Label, amount, percent, reward_input
from plugin.rules.codes.next_order_code import discount_input, not_now, refusal, terms, valid_days
from plugin.rules.imports.table_file import UnreadableFile
from plugin.rules.programme import Basis, NextOrderCode, Programme
from tests.rules.generated import PLACED, line, view

NOW, END = datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 12, 22, tzinfo=UTC)
LABEL = Label("SUKI-1", "Title", "ours")
PLAIN: dict[str, Any] = {
    "kind": "amount_off", "value": "5", "combines_with_order_discounts": True,
    "combines_with_product_discounts": False, "combines_with_shipping_discounts": False,
}  # fmt: skip
COMMON = {
    "title": "Title", "code": "SUKI-1", "startsAt": "2026-11-22T00:00:00+00:00", "endsAt": "2026-12-22T00:00:00+00:00",
    "usageLimit": 1, "appliesOncePerCustomer": True, "tags": ["ours"],
    "combinesWith": {"orderDiscounts": True, "productDiscounts": False, "shippingDiscounts": False},
}  # fmt: skip
OFF = {"discountAmount": {"amount": "5", "appliesOnEachItem": False}}


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, {"customerGets": {"value": OFF, "items": {"all": True}}}),
        ({"kind": "percent_off", "value": "12.5"},
         {"customerGets": {"value": {"percentage": 0.125}, "items": {"all": True}}}),
        ({"product": 7, "products": [9]},
         {"customerGets": {"value": OFF, "items": {"products": {"productsToAdd": ["gid://shopify/Product/7"]}}}}),
        ({"products": [9, 8], "collections": [3]},
         {"customerGets": {"value": OFF, "items": {"products": {"productsToAdd": [
             "gid://shopify/Product/8", "gid://shopify/Product/9"]}}}}),
        ({"collections": [4, 3]},
         {"customerGets": {"value": OFF, "items": {"collections": {"add": [
             "gid://shopify/Collection/3", "gid://shopify/Collection/4"]}}}}),
        ({"kind": "free_shipping"}, {"destination": {"all": True}}),
        ({"kind": "free_shipping", "countries": ["PH", "JP"], "maximum_rate": "9"},
         {"destination": {"countries": {"add": ["JP", "PH"]}}, "maximumShippingPrice": "9"}),
        ({"kind": "free_shipping", "maximum_rate": None}, {"destination": {"all": True}}),
    ],
)  # fmt: skip
def test_shopify_is_asked_for_exactly_what_was_promised(more: dict[str, Any], asked: dict[str, Any]) -> None:
    assert reward_input({**PLAIN, **more}, LABEL, NOW, END) == {**COMMON, **asked}


@pytest.mark.parametrize(
    ("said", "least"),
    [({}, None), ({"minimum_order": "0"}, None), ({"minimum_order": "0.01"}, "0.01"), ({"minimum_spend": "20"}, "20"),
     ({"minimum_spend": "0", "minimum_order": "5"}, None), ({"minimum_spend": None, "minimum_order": "5"}, "5")],
)  # fmt: skip
def test_the_least_of_an_order_is_asked_for_where_there_is_one(said: dict[str, Any], least: str | None) -> None:
    made = reward_input({**PLAIN, **said}, LABEL, NOW, None)
    assert made["endsAt"] is None
    expected = None if least is None else {"subtotal": {"greaterThanOrEqualToSubtotal": least}}
    assert made.get("minimumRequirement") == expected


def test_the_code_of_a_next_order_is_asked_for_by_its_kind() -> None:
    rules = NextOrderCode(value=Decimal(12), combines_with_order_discounts=True, combines_with_shipping_discounts=False)
    for kind, value in (("percent", percent(12)), ("amount", amount(12))):
        said = terms(rules.model_copy(update={"kind": kind}), "USD")
        assert said["currency"] == "USD"
        assert discount_input(said, "SUKI-1", "Title", "ours", NOW, END) == {
            **COMMON, "customerGets": {"value": value, "items": {"all": True}},
        }  # fmt: skip


@pytest.mark.parametrize(("days", "by", "lives"), [(60, "ours", 60), (60, "shopify", 365), (400, "shopify", 400),
                                                   (60, "none", 60)])  # fmt: skip
def test_a_code_that_is_shown_with_the_order_after_lives_until_then(days: int, by: Any, lives: int) -> None:
    assert valid_days(Programme(confirmation=by, next_order_code=NextOrderCode(valid_days=days))) == lives


def test_forty_eight_hours_after_the_order_the_moment_has_passed() -> None:
    order = view(line(1, 100))
    hours = [timedelta(hours=48), timedelta(hours=48, microseconds=1)]
    assert [refusal(order, Programme(), PLACED + gone) for gone in hours] == ["", "too_old"]
    tests = Programme(basis=Basis(test_orders=True))
    assert [not_now(replace(order, test=True), one, PLACED) for one in (Programme(), tests)] == ["test_order", ""]


OPEN = Programme(next_order_code=NextOrderCode(bound_to_customer=False, valid_days=30))


def test_a_pool_ends_with_the_shops_month_of_its_last_day() -> None:
    found = pool(OPEN, "PHP", datetime(2026, 11, 1, 16, 30, tzinfo=UTC), "Asia/Manila")
    said = {**OPEN.next_order_code.model_dump(mode="json"), "currency": "PHP", "once_per_customer": False}
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(plain.encode()).hexdigest()[:32]
    assert key_of(dict(reversed(said.items()))) == key
    assert found == Pool({**said, "valid_days": 30}, key, datetime(2026, 12, 31, 16, tzinfo=UTC))
    late = pool(OPEN, "PHP", datetime(2026, 12, 1, 16, 30, tzinfo=UTC), "Asia/Manila")  # the 2nd, and 30 days: January
    assert late is not None and late.ends_at == datetime(2027, 1, 31, 16, tzinfo=UTC)


def test_two_pools_are_kept_full_for_the_two_days_before_a_month_turns() -> None:
    two = [datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)]
    ends = [end + timedelta(days=1) for end in two]
    november = [datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((1, 0), (29, 23), (30, 0))]
    found = [[one.ends_at for one in pools_ahead(OPEN, "USD", now, "UTC")] for now in november]
    assert found == [ends[:1], ends[:1], ends]
    assert [one.ends_at for one in pools_ahead(OPEN, "USD", datetime(2026, 12, 2, tzinfo=UTC), "UTC")] == ends[1:]
    assert pools_ahead(Programme(), "USD", NOW, "UTC") == []


@pytest.mark.parametrize(
    ("given", "sizes"),
    [(0, (125, 250)), (125, (125, 250)), (126, (126, 252)), (2499, (2499, 4998)), (2500, (2500, 5000)),
     (2501, (2500, 5000))],
)  # fmt: skip
def test_a_pool_holds_two_days_worth(given: int, sizes: tuple[int, int]) -> None:
    assert pool_size(given) == sizes


@pytest.mark.parametrize(
    ("called", "wanted", "refused", "numbers"),
    [(0, 1, 0, (0, 0)), (1, 1, 0, None), (1, 1, 1, (1, 1)), (0, 250, 0, (0, 249)), (0, 251, 0, (0, 249)),
     (250, 251, 0, (250, 250)), (250, 600, 0, (250, 499)), (500, 499, 0, None)],
)  # fmt: skip
def test_the_next_call_asks_for_what_is_missing(
    called: int, wanted: int, refused: int, numbers: tuple[int, int] | None
) -> None:
    assert next_call(called, wanted, refused) == numbers


def test_a_batch_says_what_it_promises_and_no_more_than_it_may() -> None:
    batch = CodeBatch(name="Fair", count=100_000, value=Decimal(10), valid_days=3650)
    assert batch.terms("USD") == {
        "kind": "percent", "value": "10", "minimum_spend": "0", "valid_days": 3650, "prefix": "",
        "once_per_customer": True, "combines_with_order_discounts": False, "combines_with_product_discounts": False,
        "combines_with_shipping_discounts": True, "currency": "USD",
    }  # fmt: skip
    for wrong in ({"count": 0}, {"count": 100_001}, {"valid_days": 0}, {"valid_days": 3651}, {"value": 101}):
        with pytest.raises(ValidationError):
            CodeBatch(**{"name": "Fair", "count": 1, "value": 1, "valid_days": 1, **wrong})
    least = CodeBatch(name="Fair", count=1, value=Decimal(1), valid_days=1)
    assert (least.count, least.valid_days, code_sets.CODES_PER_CALL) == (1, 1, 250)
    assert code_sets.code_name("A", "salt", 3, 7) == code_sets.code_names.code_name("A", "salt", "set:3:7")


def refused(content: str) -> str:
    with pytest.raises(UnreadableFile) as found:
        read(content.encode())
    return found.value.what


@pytest.mark.parametrize("heading", sorted(code_list._KNOWN))
def test_each_known_heading_is_one(heading: str) -> None:
    assert read(f"x,{heading.title()},y\n1,A-1,2\n".encode()) == CodeList(
        ("A-1",), heading=heading.title(), ignored=("x", "y")
    )


def test_a_plainer_heading_goes_first() -> None:
    ranks = ["Number,5", "Coupon,4", "Code,3", "Discount code,2"]
    for upto in range(1, 5):
        headings, codes = zip(*(each.split(",") for each in ranks[:upto]), strict=True)
        found = read(f"{';'.join(headings)}\n{';'.join(codes)}\n".encode())
        assert (found.codes, found.heading) == ((codes[-1],), headings[-1])


def test_as_many_problems_are_told_as_can_be_read() -> None:
    bad = "x" * 201
    assert refused(f"code\n{bad}\n{bad}\n{bad}\n") == "line 2 is no code; line 3 is no code; line 4 is no code"
    assert refused("code\n" + f"{bad}\n" * 5) == ("line 2 is no code; line 3 is no code; line 4 is no code, and 2 more")
    assert read(f"code\n{'x' * 200}\n".encode()).codes == ("x" * 200,)
    assert refused("code\n1E+5\n") == "line 2 was changed by a spreadsheet: save that column as text"
    assert refused("A-1\nGift code\n") == "line 2 is a heading, not a code"
    assert read(b"A-1\nx1E+5\nkey\n").codes == ("A-1", "x1E+5", "key")


def test_a_list_says_how_many_stood_there_twice_and_what_was_not_used() -> None:
    found = read(f"code,{'y' * 41},,{'z' * 40}\nA,1\nA,1\nB\n\nA,,,\n".encode())
    assert found == CodeList(("A", "B"), 2, "code", ("y" * 39 + "…", "z" * 40))
    assert read(b"name,code\nAna\nBen,A\n") == CodeList(("A",), 0, "code", ("name",))
    assert CodeList(("A",)) == CodeList(("A",), 0, "", ())
    most = "\n".join(f"{number:05}" for number in range(code_list.MOST_CODES))
    assert len(checked(most).codes) == code_list.MOST_CODES == 20_000
    with pytest.raises(UnreadableFile) as found_:
        checked(f"{most}\nX")
    assert found_.value.what == "20,000 codes are the most at once; these are 20,001"


@pytest.mark.parametrize(("content", "heading"), [
    ("Words\nA1\nB2\n", "Words"), ("Words\nA1\nB\n", "Words"), ("WORDS\nAB\nCD\n", ""), ("Words\nAb\nCD\n", ""),
    ("Two words\nab\ncd\n", "Two words"), ("Two words\nab\nc d\n", ""), ("Words1\nA1\nB2\n", ""), ("words\n", ""),
    ("two Words\nAb\nCd\n", "two Words"),
])  # fmt: skip
def test_the_first_line_alone_is_a_heading_where_it_is_plainly_none_of_the_codes(content: str, heading: str) -> None:
    found = read(content.encode())
    lines = tuple(content.split())
    assert found.heading == heading
    if heading:
        assert found.codes == tuple(content.strip().split("\n")[1:])
    elif " " not in content:
        assert found.codes == lines


def test_a_list_and_another_have_limits_together() -> None:
    one, other = CodeList(("A", "B"), 1, "", ()), CodeList(("B", "C"), 2, "code", ("x",))
    assert joined(one, other) == CodeList(("A", "B", "C"), 4, "code", ("x",))
    assert joined(other, one).heading == "code"
    half = CodeList(tuple(str(number) for number in range(20_000)))
    assert joined(half, CodeList(("5",))) == replace(half, again=1)
    with pytest.raises(UnreadableFile, match="these are 20,001"):
        joined(half, CodeList(("X",)))
    assert checked(" A \nDiscounts\n").codes == ("A", "Discounts")

"""An order from GraphQL with something in every field becomes a delivery's payload, to the last of them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from plugin.rules.payloads.order_payload import as_webhook_payload
from plugin.rules.payloads.refund_payload import refund_as_webhook_payload
from tests.rules.payloads.whole_node import ORDER, PAYMENT, REFUND, SAID, TIP, Json, gid, line, node, nodes


def changed(**fields: Any) -> Json:
    return as_webhook_payload(deepcopy(ORDER) | fields)


def test_every_field_of_an_order_is_told_as_a_delivery_tells_it() -> None:
    found = as_webhook_payload(ORDER)
    assert found.keys() == SAID.keys()
    assert {name: found[name] for name in SAID if found[name] != SAID[name]} == {}


def test_what_is_not_there_is_told_as_nothing() -> None:
    bare = changed(customer=None, app=None, cancelReason=None, originalTotalDutiesSet=None, refunds=[], fulfillments=[])
    names = ("customer", "app_id", "cancel_reason", "original_total_duties_set", "refunds", "fulfillments")
    assert [bare[name] for name in names] == [None, None, None, None, [], []]
    nobody = changed(customer=ORDER["customer"] | {"defaultEmailAddress": None})
    assert nobody["customer"]["email"] is None
    [shipping] = changed(shippingLines=nodes(ORDER["shippingLines"]["nodes"][0] | {"id": None}))["shipping_lines"]
    assert shipping["id"] is None
    missing = ("originalTotalPriceSet", "originalTotalDutiesSet", "currentTotalDutiesSet",
               "originalTotalAdditionalFeesSet", "currentTotalAdditionalFeesSet")  # fmt: skip
    older = as_webhook_payload({name: part for name, part in ORDER.items() if name not in missing})
    told = ("original_total_price", "original_total_duties", "current_total_duties",
            "original_total_additional_fees", "current_total_additional_fees")  # fmt: skip
    assert [older[f"{name}_set"] for name in told] == [None] * 5
    refund = {name: part for name, part in REFUND.items() if name != "duties"}
    said = refund_as_webhook_payload(
        refund | {
            "refundLineItems": nodes(REFUND["refundLineItems"]["nodes"][0] | {"id": None}),
            "refundShippingLines": nodes(REFUND["refundShippingLines"]["nodes"][0] | {"shippingLine": {"id": None}}),
        }
    )  # fmt: skip
    assert (said["duties"], said["refund_line_items"][0]["id"]) == ([], None)
    assert said["refund_shipping_lines"][0]["shipping_line_id"] is None


@pytest.mark.parametrize(
    ("status", "said"),
    [("FULFILLED", "fulfilled"), ("PARTIALLY_FULFILLED", "partial"), ("RESTOCKED", "restocked"), ("UNFULFILLED", None)],
)
def test_whether_it_was_sent_is_said_in_a_deliverys_words(status: str, said: str | None) -> None:
    assert changed(displayFulfillmentStatus=status)["fulfillment_status"] == said


@pytest.mark.parametrize(
    ("kind", "said"),
    [("DiscountCodeApplication", "discount_code"), ("AutomaticDiscountApplication", "automatic"), ("Other", "manual")]
    + [("ManualDiscountApplication", "manual"), ("ScriptDiscountApplication", "script")],
)
def test_who_gave_the_discount_is_said_in_a_deliverys_words(kind: str, said: str) -> None:
    [one, _] = ORDER["discountApplications"]["nodes"]
    assert changed(discountApplications=nodes(one | {"__typename": kind}))["discount_applications"][0]["type"] == said


def test_a_code_has_the_kind_of_what_it_took_off() -> None:
    [percent, amount] = ORDER["discountApplications"]["nodes"]
    fixed = percent | {"value": amount["value"]}
    shipping = percent | {"targetType": "SHIPPING_LINE"}
    found = [
        changed(discountApplications=nodes(one))["discount_codes"][0]["type"] for one in (percent, fixed, shipping)
    ]
    assert found == ["percentage", "fixed_amount", "shipping"]


@pytest.mark.parametrize(
    ("tipped", "lines", "tips"),
    [
        ("2.00", [TIP], [0]),
        ("0.00", [TIP], []),
        ("0.00", [TIP | {"originalUnitPriceSet": node("0.00")}], []),
        ("2.00", [TIP | {"originalUnitPriceSet": None}, TIP], [0, 1]),
        ("4.00", [TIP, TIP], [0, 1]),
        ("4.00", [TIP | {"quantity": 2}], [0]),
        # more that might be one than was tipped: the first that costs just as much
        ("2.00", [TIP | {"originalUnitPriceSet": node("7.00")}, TIP, TIP], [1]),
        ("3.00", [TIP, TIP], []),
        ("2.00", [TIP | {"taxable": True}], []),
        ("2.00", [TIP | {"requiresShipping": True}], []),
        ("2.00", [TIP | {"isGiftCard": True}], []),
        ("2.00", [TIP | {"product": {"id": gid("Product", 1)}}], []),
    ],
)
def test_which_line_is_a_tip_is_found_by_what_was_tipped(tipped: str, lines: list[Json], tips: list[int]) -> None:
    several = nodes(*(line(number, **one) for number, one in enumerate(lines, 31)))
    found = changed(totalTipReceivedSet=node(tipped), lineItems=several)["line_items"]
    assert [place for place, one in enumerate(found) if "tip_payment_gateway" in one] == tips


def test_a_payment_is_told_in_the_buyers_currency_where_there_is_one() -> None:
    alone = PAYMENT | {"amountSet": {"shopMoney": {"amount": "5.00", "currencyCode": "USD"}}}
    [said] = changed(transactions=[alone])["transactions"]
    assert (said["amount"], said["currency"]) == ("5.00", "USD")

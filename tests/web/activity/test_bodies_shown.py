"""A delivery's body in the panel: the order is readable, the person is not, and no body breaks the page."""

from __future__ import annotations

import json

import pytest

from plugin.web.admin.activity import masked
from plugin.web.admin.activity.masked import LONGEST_SHOWN, MASK, body_shown


def test_a_repaired_body_is_shown_without_the_person() -> None:
    shown = body_shown(rb'{"id":1,"name":"#1001 \ud83d","customer":{"name":"Ana"},"note":"x"}')
    assert '"name": "#1001 \ufffd"' in shown
    assert "Ana" not in shown


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"ana@example.com", "the body is not JSON"), (b"[" * 300 + b"]" * 300, "nested deeper than 100 levels")],
)
def test_what_cannot_be_read_is_not_shown(body: bytes, why: str) -> None:
    shown = body_shown(body)
    assert shown.startswith("Not shown, it might hold personal data: ")
    assert why in shown
    assert "ana" not in shown


PLANTED = {
    "customer": {"name": "Ana P1", "tags": "P2", "note": "P3", "sms": "P4", "id": 7, "default_address": {"name": "P5"}},
    "fulfillments": [{"destination": {"name": "P6", "contact": "P7"}, "numbers": ["P8"], "status": "success"}],
    "note_attributes": [{"name": "P9", "value": "P10"}],
    "line_items": [{"title": "Coffee", "name": "P11", "price": "5.00", "properties": [{"P12": "P13"}]}],
    "discount_codes": [{"code": "P14", "amount": "1.00"}], "po_number": "P15", "contact": "P16", "message": "P17",
    "metafields": {"P18": {"P19": "P20"}}, "transactions": [{"receipt": {"payer": "P21"}, "kind": "sale"}],
    "something_new": {"that": {"nobody": ["P22", 23, True, 2.5]}}, "latitude": 14.59, "phone": 639170000000,
    "Ana P24": "x", "id": "p25@example.com", "browser_ip": "10.0.0.25",
}  # fmt: skip


def test_only_what_is_known_to_be_nobodys_is_shown() -> None:
    shown = body_shown(json.dumps({**PLANTED, "total_price": "10.00", "name": "#1001"}).encode())
    said = json.loads(shown)
    for private in ("P", "p25", "Ana", "14.59", "6391", "10.0.0", "true", "2.5"):
        assert private not in shown.replace('"price"', "").replace("PHP", ""), private
    assert (said["name"], said["total_price"], said["customer"]["id"]) == ("#1001", "10.00", 7)
    assert said["line_items"][0] == {"title": "Coffee", "name": MASK, "price": "5.00", "properties": MASK}
    assert said["fulfillments"][0]["status"] == "success"
    assert said["transactions"] == [{"receipt": MASK, "kind": "sale"}]
    assert said["something_new"] == {"that": {"nobody": [MASK] * 4}}


def test_a_body_is_cut_before_it_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(masked, "masked", lambda text: seen.append(len(text)) or text)
    shown = body_shown(json.dumps({"title": "x" * 2_000_000}).encode())
    assert seen == [LONGEST_SHOWN]
    assert shown.endswith("…")
    assert len(shown) <= LONGEST_SHOWN + 2

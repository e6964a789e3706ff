"""A delivery's body in the panel: the order is readable, the person is not, and no body breaks the page."""

from __future__ import annotations

import pytest

from plugin.web.admin.masked import body_shown


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

"""Only Shopify's own signature over these very bytes passes."""

from __future__ import annotations

import base64

import pytest

from tests.payloads import signed
from webhooks.verify import signed_by

BODY = b'{"id":1}'
GOOD = signed("secret", BODY)


def test_each_secret_of_a_rotation_signs() -> None:
    assert signed_by([b"secret"], BODY, GOOD)
    assert signed_by([b"new", b"secret"], BODY, GOOD)
    assert signed_by([b"secret", b"old"], BODY, GOOD)


def test_shopifys_own_way_of_signing_is_pinned() -> None:
    """HMAC-SHA256 of an empty body under "key", as any calculator gives it."""
    known = bytes.fromhex("5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0")
    assert signed_by([b"key"], b"", base64.b64encode(known).decode())


@pytest.mark.parametrize(
    "header",
    ["", "é", "x", GOOD[:-1], GOOD + "=", GOOD.rstrip("="), f" {GOOD}", GOOD.swapcase(), signed("other", BODY),
     signed("secret", BODY + b" "), base64.b64encode(base64.b64decode(GOOD)[:16]).decode()],
)  # fmt: skip
def test_anything_else_is_nobodys(header: str) -> None:
    assert not signed_by([b"secret", b"old"], BODY, header)


def test_without_a_secret_nothing_is_signed() -> None:
    assert not signed_by([], BODY, GOOD)

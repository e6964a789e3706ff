"""Shopify's own example payloads, of every version, signed and sent to the running app."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import requests

from tests.conformance import examples
from tests.conformance.conftest import RunningApp
from webhooks import topics

EXAMPLES = [
    (topic, version, payload) for topic in sorted(topics.SUBSCRIBED) for version, payload in examples.payloads(topic)
]


def sent(app: RunningApp, topic: str, version: str, payload: dict[str, Any], **headers: str) -> requests.Response:
    body = json.dumps(payload).encode()
    signature = base64.b64encode(hmac.digest(app.secret.encode(), body, hashlib.sha256)).decode()
    return requests.post(
        f"{app.url}/webhooks",
        data=body,
        headers={
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": app.shop,
            "X-Shopify-API-Version": version,
            "X-Shopify-Webhook-Id": f"example-{topic.replace('/', '-')}-{version}",
            "X-Shopify-Triggered-At": "2026-11-22T08:00:00.123456789Z",
            "X-Shopify-Hmac-Sha256": signature,
            **headers,
        },
        timeout=5,
    )


def test_there_are_examples_of_every_topic_in_many_versions() -> None:
    assert {topic for topic, _, _ in EXAMPLES} == set(topics.SUBSCRIBED)
    assert len({version for topic, version, _ in EXAMPLES if topic == "orders/updated"}) >= 10


@pytest.mark.parametrize(("topic", "version", "payload"), EXAMPLES, ids=[f"{each[0]}-{each[1]}" for each in EXAMPLES])
def test_an_example_of_shopify_is_accepted_and_processed(
    running_app: RunningApp, topic: str, version: str, payload: dict[str, Any]
) -> None:
    assert sent(running_app, topic, version, named(payload, running_app.shop)).status_code == 200
    assert running_app.failures() == []


def named(payload: dict[str, Any], shop: str) -> dict[str, Any]:
    """The example with the shop that it came for: Shopify's own has `{shop}.myshopify.com` there."""
    return {**payload, "shop_domain": shop} if "{shop}" in payload.get("shop_domain", "") else payload


def test_an_example_with_another_signature_is_not(running_app: RunningApp) -> None:
    topic, version, payload = EXAMPLES[0]
    answer = sent(running_app, topic, version, payload, **{"X-Shopify-Hmac-Sha256": "bm90IGl0"})
    assert answer.status_code == 401

"""A surface of Shopify's that asks the shopper API with a token, and the same questions by the storefront."""

from __future__ import annotations

import json
import time
import warnings
from typing import Any

import jwt
from flask import Flask
from werkzeug.test import TestResponse

from plugin.settings import Settings
from tests.web.shopper.test_shopper import Storefront

ORIGIN = "https://extensions.shopifycdn.com"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "7200",
}


def shopper_token(
    settings: Settings, domain: str, customer: int | None, *, secret: str | None = None, algorithm: str = "HS256",
    **claims: Any,
) -> str:  # fmt: skip
    """What checkout and accounts send, good for five minutes; a claim given as None is left out."""
    moment = int(time.time())
    said = {"dest": domain, "aud": settings.shopify_api_key, "exp": moment + 300, "nbf": moment, "iat": moment,
            "jti": "one", "sub": f"gid://shopify/Customer/{customer}" if customer else None, **claims}  # fmt: skip
    kept = {name: value for name, value in said.items() if value is not None}
    key = settings.shopify_api_secret.get_secret_value() if secret is None else secret
    with warnings.catch_warnings(action="ignore"):
        return jwt.PyJWS().encode(json.dumps(kept).encode(), key, algorithm=algorithm)


class Surface:
    """An extension in checkout or in an account: each request has a fresh token."""

    def __init__(self, app: Flask, settings: Settings, domain: str, customer: int | None = 7) -> None:
        self.client = app.test_client(use_cookies=False)
        self.settings, self.domain, self.customer = settings, domain, customer

    def get(self, path: str, headers: dict[str, str] | None = None, **query: str) -> TestResponse:
        """Ask; the path is below the door."""
        return self.client.get(f"/shopper/v1{path}", query_string=query, headers=self._headers() | (headers or {}))

    def post(self, path: str, said: object = None, **query: str) -> TestResponse:
        """Send JSON."""
        return self.client.post(
            f"/shopper/v1{path}", query_string=query, json={} if said is None else said, headers=self._headers()
        )

    def json(self, path: str, **query: str) -> Any:
        """What is answered, which has to be there."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text[:500]
        return answer.json

    def _headers(self) -> dict[str, str]:
        token = shopper_token(self.settings, self.domain, self.customer)
        return {"Authorization": f"Bearer {token}", "Origin": ORIGIN}


class Theme(Storefront):
    """The theme's script, by the app proxy."""

    def ask(self, path: str, headers: dict[str, str] | None = None, **query: str) -> TestResponse:
        """Ask; the path is below the door."""
        return self.client.get(f"/proxy/v1{path}", query_string=self.query(**query), headers=headers)

    def send(self, path: str, said: object) -> TestResponse:
        """Send JSON."""
        return self.client.post(f"/proxy/v1{path}", query_string=self.query(), json=said)


def refusal(answer: TestResponse) -> tuple[int, str, str]:
    """Status, code and text of a problem."""
    assert answer.content_type == "application/problem+json", (answer.status_code, answer.content_type)
    assert answer.json is not None
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["code"], answer.json["detail"]

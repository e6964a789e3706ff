"""ID tokens as Shopify signs them, good and bad, and a client that carries one."""

from __future__ import annotations

import time
import warnings
from typing import Any

import jwt
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from plugin.settings import Settings
from tests.conformance.polaris import problems

STAFF = "88000123"


def id_token(
    settings: Settings, domain: str, *, secret: str | None = None, algorithm: str = "HS256", **claims: Any
) -> str:
    """An ID token for one shop, valid for a minute; a claim given as None is left out."""
    moment = int(time.time())
    said = {
        "iss": f"https://{domain}/admin",
        "dest": f"https://{domain}",
        "aud": settings.shopify_api_key,
        "sub": STAFF,
        "exp": moment + 60,
        "nbf": moment - 1,
        "iat": moment - 1,
        "jti": "one",
        "sid": "two",
        **claims,
    }
    kept = {name: value for name, value in said.items() if value is not None}
    key = settings.shopify_api_secret.get_secret_value() if secret is None else secret
    with warnings.catch_warnings(action="ignore"):  # Shopify's secrets are short for HS512, which is wrong anyway
        return jwt.encode(kept, key, algorithm=algorithm)


class Browser:
    """The admin's frame for one shop: each request carries a fresh ID token in its header."""

    def __init__(self, app: Flask, settings: Settings, domain: str, account: str = STAFF) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.settings = settings
        self.domain = domain
        self.account = account

    def get(self, path: str, **query: str) -> TestResponse:
        """A page, fetched as the panel's script does."""
        return self.client.get(path, query_string=query or None, headers=self._headers())

    def post(self, path: str, **fields: Any) -> TestResponse:
        """A form."""
        return self.client.post(path, data=fields, headers=self._headers())

    def page(self, path: str, **query: str) -> str:
        """A page that must be there, and that Polaris and App Bridge understand."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text[:500]
        assert problems(answer.text) == []
        assert len(answer.data) < 100_000
        return answer.text

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {id_token(self.settings, self.domain, sub=self.account)}"}

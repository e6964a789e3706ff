"""The tokens of surfaces are signed as Shopify's documents say; written from these, not from what the app accepts."""

from __future__ import annotations

import time

import jwt
import requests

from sandbox.run import Running
from sandbox.shop.staff import OWNER
from sandbox.state import Shop
from sandbox.surfaces.tokens import shopper_token, staff_token


def read(local: Running, token: str, **options: bool) -> dict[str, object]:
    """The claims, with the signature checked."""
    claims: dict[str, object] = jwt.decode(
        token, local.options.api_secret, algorithms=["HS256"], audience=local.options.api_key, options=options
    )
    return claims


def test_a_shoppers_token_lives_five_minutes_and_names_the_shop_without_a_scheme(hosting: Running, store: Shop):
    before = int(time.time())
    claims = read(hosting, shopper_token(hosting.options, store.domain, 77))
    assert set(claims) == {"dest", "aud", "exp", "nbf", "iat", "jti", "sub"}
    assert (claims["dest"], claims["sub"]) == (store.domain, "gid://shopify/Customer/77")
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 300
    assert before <= int(str(claims["iat"])) <= time.time()
    assert jwt.get_unverified_header(shopper_token(hosting.options, store.domain, 77))["alg"] == "HS256"


def test_a_guests_token_names_nobody_and_no_two_tokens_are_the_same(hosting: Running, store: Shop):
    first, second = (shopper_token(hosting.options, store.domain, None) for _ in range(2))
    assert "sub" not in read(hosting, first)
    assert read(hosting, first)["jti"] != read(hosting, second)["jti"]


def test_a_token_of_staff_lives_a_minute_and_is_issued_by_the_admin(hosting: Running, store: Shop):
    claims = read(hosting, staff_token(hosting.options, store, OWNER))
    assert (claims["iss"], claims["dest"]) == (f"https://{store.domain}/admin", f"https://{store.domain}")
    assert claims["sub"] == str(OWNER)
    assert 58 <= int(str(claims["exp"])) - time.time() <= 60


def test_the_page_gets_the_token_of_who_is_signed_in_and_of_nobody_where_a_mail_led_here(hosting: Running, store: Shop):
    ana = hosting.box.enrol(store, first_name="Ana", last_name="Cruz", email="ana@example.com")
    root = f"{hosting.url}/shops/{store.domain}/surfaces/token.json"

    def claims(query: str, customer: int | None) -> dict[str, object]:
        cookies = {"customer": str(customer)} if customer else {}
        return read(hosting, requests.get(f"{root}?for={query}", cookies=cookies, timeout=5).json()["token"])

    assert claims("shopper", ana["id"])["sub"] == f"gid://shopify/Customer/{ana['id']}"
    assert "sub" not in claims("shopper", None)
    assert "sub" not in claims("shopper", 1)
    assert "sub" not in claims("nobody", ana["id"])
    assert claims("till", None)["sub"] == str(OWNER)


def test_trouble_makes_tokens_old_and_takes_those_of_the_till_away(hosting: Running, store: Shop):
    root = f"{hosting.url}/shops/{store.domain}/surfaces/token.json"
    hosting.trouble.set(surface_token_expired=1, till_no_access=1)
    assert requests.get(f"{root}?for=till", timeout=5).json() == {"token": None}
    for kind in ("shopper", "admin"):
        token = requests.get(f"{root}?for={kind}", timeout=5).json()["token"]
        claims = read(hosting, token, verify_exp=False)
        assert int(str(claims["exp"])) < time.time() - 3000

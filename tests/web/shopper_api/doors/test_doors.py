"""Who gets in by the doors of the surfaces, and how those who do not are told: so that an extension can read it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.errors import Denied
from plugin.store.database.db import shop_transaction
from plugin.web.read_pace import READS_AN_HOUR, ReadPace
from plugin.web.shopper.api import doors
from plugin.web.shopper.api.asking import answer, body, insist_on, new_key
from plugin.web.shopper.api.pace import ACTS_AN_HOUR
from plugin.web.shopper.api.shapes import KeyIn
from plugin.web.shopper.page import visit
from tests.conftest import ShopRow
from tests.web.session import Browser, id_token
from tests.web.shopper_api.surface import CORS, ORIGIN, Surface, Theme, refusal, shopper_token

NOW = int(time.time())
HOUR = 3600


@pytest.fixture
def doors_open(app: Flask, opened: ShopRow) -> Flask:
    """With a call that says who asks, one that acts by a key, one that is refused by the rules, and one that breaks."""

    def who() -> Response:
        return answer(KeyIn(key=f"{visit().domain}|{visit().customer_id}"))

    def act() -> Response:
        insist_on(body(KeyIn).key)
        return answer(KeyIn(key=new_key()))

    def key() -> Response:
        return answer(KeyIn(key=new_key()))

    def refuse() -> Response:
        raise Denied("Not enough", "not_enough_points", {"missing": 5, "points": 5})

    def broken() -> Response:
        raise ZeroDivisionError

    for view in (who, key, refuse, broken):
        doors.for_shoppers(app, f"/{view.__name__}", view)
    doors.for_shoppers(app, "/act", act, "POST")
    doors.for_shoppers(app, "/asked", who, "POST", asks=True)
    doors.for_staff(app, "/broken", broken, role="viewer", reads="nothing")
    doors.for_staff(app, "/owners", refuse, "POST", role="owner")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def test_the_customer_is_whom_the_token_or_the_signature_names(
    doors_open: Flask, surface: Surface, guest: Surface, theme: Theme
) -> None:
    own = {"key": f"{surface.domain}|7"}
    assert surface.json("/who", customer_id="8", logged_in_customer_id="8", shop="other.myshopify.com") == own
    assert theme.ask("/who", customer_id="8").json == own
    assert guest.json("/who", customer_id="7", logged_in_customer_id="7") == {"key": f"{guest.domain}|None"}


def test_a_bare_domain_and_an_address_are_the_same_shop(doors_open: Flask, surface: Surface) -> None:
    token = shopper_token(surface.settings, surface.domain, 7, dest=f"https://{surface.domain}")
    found = surface.client.get("/shopper/v1/who", headers={"Authorization": f"Bearer {token}"})
    assert found.json == {"key": f"{surface.domain}|7"}


REFUSED: dict[str, dict[str, Any]] = {
    "another secret": {"secret": "another-secret-of-32-bytes-or-more!"}, "no algorithm": {"algorithm": "none"},
    "another algorithm": {"algorithm": "HS512"}, "another app": {"aud": "another"}, "two apps": {"aud": ["test-key"]},
    "no app": {"aud": None}, "expired": {"exp": NOW - 60, "nbf": NOW - 360},
    "future": {"nbf": NOW + HOUR, "exp": NOW + HOUR + 240},
    "made later": {"iat": NOW + HOUR}, "no end": {"exp": None}, "no beginning": {"nbf": None},
    "a long life": {"nbf": NOW - 100, "exp": NOW + 299}, "for a day": {"exp": NOW + 86_400},
    "an end in words": {"exp": str(NOW + 200)}, "a truth for an end": {"exp": True}, "ends first": {"nbf": NOW + 305},
    "half a second": {"exp": NOW + 200.5}, "for ever": {"exp": float("inf")}, "a list": {"dest": ["x"]},
    "no shop": {"dest": None}, "another host": {"dest": "evil.example"}, "a number": {"dest": 7},
    "somebody in front": {"dest": "https://demo.myshopify.com@evil.example"},
    "a path": {"dest": "demo.myshopify.com/x"}, "below it": {"dest": "a.demo.myshopify.com"},
    "plain http": {"dest": "http://demo.myshopify.com"}, "twice": {"dest": "https://https://demo.myshopify.com"},
    "an admin": {"iss": "https://demo.myshopify.com/admin"}, "an admin's host": {"iss": "https://demo.myshopify.com"},
    "an issuer that is no text": {"iss": 7},
    "staff": {"sub": "88000123"}, "a bare number": {"sub": "7"}, "an order": {"sub": "gid://shopify/Order/7"},
    "an empty sub": {"sub": ""}, "nobody": {"sub": "gid://shopify/Customer/0"}, "a zero": {"sub": "gid://shopify/Customer/07"},
    "more": {"sub": "gid://shopify/Customer/7?x"}, "a line": {"sub": "gid://shopify/Customer/7\n"},
    "other digits": {"sub": "gid://shopify/Customer/٧"}, "too large": {"sub": f"gid://shopify/Customer/{2**63}"},
    "lower case": {"sub": "gid://shopify/customer/7"},
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_a_token_that_is_nearly_a_shoppers_opens_nothing(why: str, doors_open: Flask, surface: Surface) -> None:
    claims = {"secret": "" if REFUSED[why].get("algorithm") == "none" else None, **REFUSED[why]}
    token = shopper_token(surface.settings, surface.domain, 7, **claims)
    found = surface.client.get("/shopper/v1/who", headers={"Authorization": f"Bearer {token}"})
    assert refusal(found) == (401, "unauthorized", "Your session has ended. Please reload the page.")
    assert found.headers["Access-Control-Allow-Origin"] == "*"


def test_a_tampered_token_and_one_that_is_carried_otherwise_open_nothing(doors_open: Flask, surface: Surface) -> None:
    token = shopper_token(surface.settings, surface.domain, 7)
    head, said, mark = token.split(".")
    other = shopper_token(surface.settings, surface.domain, 8).split(".")[1]
    for given in (f"{head}.{other}.{mark}", f"{head}.{said}.{mark[::-1]}", f"{head}.{said}.", f"{head}.{said}", "x"):
        found = surface.client.get("/shopper/v1/who", headers={"Authorization": f"Bearer {given}"})
        assert found.status_code == 401
    for headers in ({}, {"Authorization": token}, {"Authorization": f"Basic {token}"}, {"Authorization": "Bearer "}):
        assert (
            surface.client.get("/shopper/v1/who", headers=headers, query_string={"id_token": token}).status_code == 401
        )


def test_a_token_may_be_sent_again_while_it_lives(doors_open: Flask, surface: Surface) -> None:
    headers = {"Authorization": f"Bearer {shopper_token(surface.settings, surface.domain, 7)}"}
    found = [surface.client.get("/shopper/v1/who", headers=headers) for _ in range(3)]
    assert [one.status_code for one in found] == [200, 200, 200]


def test_both_secrets_count_while_they_change(doors_open: Flask, surface: Surface) -> None:
    from plugin.web.current import KEY, Parts

    old = surface.settings.shopify_api_secret.get_secret_value()
    held: Parts = doors_open.extensions[KEY]
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    changed = held.settings.model_copy(update={
        "shopify_api_secret": SecretStr("shpss_new_0123456789abcdef0123456789"),
        "shopify_api_secret_old": SecretStr(old), "shopify_api_secret_old_until": tomorrow,
    })  # fmt: skip
    doors_open.extensions[KEY] = Parts(changed, held.engine, held.clients)
    for secret, status in ((old, 200), ("shpss_new_0123456789abcdef0123456789", 200), ("x" * 40, 401)):
        token = shopper_token(surface.settings, surface.domain, 7, secret=secret)
        found = surface.client.get("/shopper/v1/who", headers={"Authorization": f"Bearer {token}"})
        assert found.status_code == status


def test_every_answer_of_the_token_doors_can_be_read_by_an_extension(
    doors_open: Flask, surface: Surface, browser: Browser
) -> None:
    staff = {"Authorization": f"Bearer {id_token(browser.settings, browser.domain)}"}
    key = surface.json("/key")["key"]
    answers = {
        200: surface.get("/who"), 401: surface.client.get("/shopper/v1/who"), 404: surface.get("/nowhere"),
        405: surface.get("/act"), 409: surface.post("/act", {"key": "x"}), 415: surface.client.post(
            "/shopper/v1/act", data="key=1", headers=surface._headers()),
        413: surface.post("/act", {"key": "x" * 200_000}), 422: surface.get("/refuse"), 500: surface.get("/broken"),
    }  # fmt: skip
    for status, found in answers.items():
        assert found.status_code == status
        assert {name: found.headers[name] for name in CORS} == CORS, status
        assert found.headers["Access-Control-Expose-Headers"] == "ETag, Retry-After"
        assert "Set-Cookie" not in found.headers
        assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert surface.post("/act", {"key": key, "more": 1}).json["fields"].keys() == {"more"}
    for found in (browser.client.get("/staff/v1/broken"), browser.client.get("/staff/v1/broken", headers=staff),
                  browser.client.get("/staff/v1/no", headers=staff)):  # fmt: skip
        assert {name: found.headers[name] for name in CORS} == CORS
        assert found.headers["Access-Control-Expose-Headers"].endswith(", X-Shopify-Retry-Invalid-Session-Request")
        assert found.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["/shopper/v1/who", "/staff/v1/owners", "/shopper/v1/nowhere"])
def test_a_browser_that_asks_first_is_told_what_it_may_send(path: str, doors_open: Flask) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    found = doors_open.test_client().options(path, headers=asked)
    assert (found.status_code, found.data) == (204, b"")
    assert {name: found.headers[name] for name in CORS} == CORS


def test_no_other_address_answers_other_hosts(doors_open: Flask, browser: Browser, theme: Theme) -> None:
    for found in (theme.ask("/who"), browser.get("/app"), theme.get("/proxy/rewards"), browser.client.options("/app")):
        assert [name for name in dict(found.headers) if name.startswith("Access-Control")] == []


def test_staff_are_let_in_by_a_token_in_the_header_alone(doors_open: Flask, browser: Browser, surface: Surface) -> None:
    token = id_token(browser.settings, browser.domain)
    ways = [({}, {}), ({}, {"id_token": token, "shop": browser.domain, "embedded": "1"}),
            ({"Authorization": ""}, {"id_token": token}), (surface._headers(), {"id_token": token})]  # fmt: skip
    for headers, query in ways:
        found = browser.client.get("/staff/v1/broken", headers=headers, query_string=query)
        assert refusal(found) == (401, "unauthorized", "This token is missing, wrong or too old. Try again.")
        assert found.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1"
        assert "Location" not in found.headers


def test_staff_have_the_roles_of_the_panel(doors_open: Flask, browser: Browser) -> None:
    viewer = {"Authorization": f"Bearer {id_token(browser.settings, browser.domain, sub='99')}"}
    found = browser.client.post("/staff/v1/owners", json={}, headers=viewer)
    assert refusal(found)[:2] == (403, "forbidden")
    assert "owner" in refusal(found)[2]


def test_a_shop_that_is_not_launched_tells_shoppers_nothing_but_its_test_members(
    doors_open: Flask, surface: Surface, guest: Surface, theme: Theme, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE shops SET stage = 'draft'")
    for found in (surface.get("/who"), guest.get("/who"), theme.ask("/who"), surface.post("/act", {"key": "x"}),
                  surface.get("/who", locale="fil")):  # fmt: skip
        assert refusal(found)[:2] == (403, "not_launched")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE members SET test_member = true WHERE customer_id = 7")
    assert (surface.get("/who").status_code, guest.get("/who").status_code) == (200, 403)


def test_a_key_is_its_customers_in_its_shop_whatever_the_surface(
    doors_open: Flask, app: Flask, surface: Surface, theme: Theme, guest: Surface
) -> None:
    key, other = surface.json("/key")["key"], Surface(app, surface.settings, surface.domain, 8)
    assert surface.post("/act", {"key": key}).status_code == 200
    assert theme.send("/act", {"key": key}).status_code == 200
    assert other.post("/act", {"key": other.json("/key")["key"]}).status_code == 200
    expired = (409, "expired_page", "This page has expired. Nothing was changed. Please try again.")
    for wrong in (other.json("/key")["key"], guest.json("/key")["key"], key[::-1], "", "é" * 48):
        assert refusal(surface.post("/act", {"key": wrong})) == expired
    assert refusal(surface.post("/act", {"key": wrong}, locale="fil"))[2] != expired[2]


def test_what_was_read_is_sent_again_only_when_it_changed_or_a_key_may_have_been_used(
    doors_open: Flask, app: Flask, surface: Surface, theme: Theme
) -> None:
    first = surface.get("/key")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = surface.get("/key", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert theme.ask("/key", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    other = Surface(app, surface.settings, surface.domain, 8)
    assert other.get("/key", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    acted = surface.post("/act", {"key": first.json["key"]})
    assert (acted.headers["Cache-Control"], "ETag" in acted.headers) == ("no-store", False)
    assert surface.get("/key", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_sixty_acts_an_hour_whatever_came_of_them_and_reads_go_on(
    doors_open: Flask, app: Flask, surface: Surface, theme: Theme
) -> None:
    for n in range(ACTS_AN_HOUR):
        sent = surface.post("/act", {"key": "x"}) if n % 2 else theme.send("/act", {"key": "x"})
        assert sent.status_code == 409
    found = surface.post("/act", {"key": surface.json("/key")["key"]})
    assert refusal(found) == (429, "too_many_calls", "Too many attempts. Please try again in an hour.")
    assert int(found.headers["Retry-After"]) > 0
    assert surface.post("/asked").status_code == 200
    assert Surface(app, surface.settings, surface.domain, 8).post("/act", {"key": "x"}).status_code == 409


def test_a_guest_is_counted_by_their_token(doors_open: Flask, guest: Surface) -> None:
    headers = {"Authorization": f"Bearer {shopper_token(guest.settings, guest.domain, None)}"}
    found = [guest.client.post("/shopper/v1/act", json={"key": "x"}, headers=headers).status_code for _ in range(21)]
    assert found == [*[409] * 20, 429]
    assert guest.get("/who").status_code == 200


def test_six_hundred_reads_an_hour_of_one_shopper(doors_open: Flask, surface: Surface, guest: Surface) -> None:
    from plugin.web.current import KEY

    pace: ReadPace = doors_open.extensions[KEY].reads
    moment = datetime.now(UTC)
    for _ in range(READS_AN_HOUR - 1):
        assert pace.take(f"{surface.domain}|7", moment) == 0
    assert surface.get("/who").status_code == 200
    found = surface.get("/who")
    assert (refusal(found)[:2], 3500 < int(found.headers["Retry-After"]) <= HOUR) == ((429, "too_many_calls"), True)
    assert guest.get("/who").status_code == 200
    assert pace.take(f"{surface.domain}|7", moment + timedelta(hours=1)) == 0


def test_the_text_of_a_refusal_is_in_the_readers_language(doors_open: Flask, surface: Surface, theme: Theme) -> None:
    said = {refusal(surface.get("/nowhere", locale=each))[2] for each in ("en", "fil", "xx", "")}
    assert said == {"We can't find that.", "Hindi namin iyon mahanap."}
    assert refusal(theme.ask("/nowhere", locale="fil"))[2] == "Hindi namin iyon mahanap."

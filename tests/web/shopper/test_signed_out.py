"""A page or a link that is somebody's own, opened by nobody: they sign in and come back, and nothing is used up."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.second_steps import asked, newest_link
from tests.web.shopper.test_money_rewards import card_of, offer
from tests.web.shopper.test_shopper import Storefront

OVER = "This link isn't valid"
SENT = ("leave", "code", "data")


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    make_open(engine, settings, shop)
    offer(engine, shop)
    member_with(engine, shop, 500)
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("INSERT INTO members (shop_id, customer_id, state) VALUES (%s, 8, 'member')", (shop.id,))
    return Storefront(app, settings, shop.domain, "7")


def link_for(front: Storefront, engine: Engine, settings: Settings, shop: ShopRow, purpose: str) -> str:
    form = {"redemption": str(card_of(engine, settings, shop, 1).id)} if purpose == "code" else {}
    if purpose == "data":
        with shop_transaction(engine, shop.id) as conn:
            conn.exec_driver_sql(
                "INSERT INTO second_steps"
                " (shop_id, member_id, customer_id, purpose, subject, prefix, asked_at, ends_at)"
                " VALUES (%s, 1, 7, 'data', '1', '/apps/suki', now(), now() + interval '15 minutes')", (shop.id,)
            )  # fmt: skip
    else:
        assert asked(front, purpose, **form).status_code == 200
    return newest_link(front, engine, shop)


def heading(answer: TestResponse) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1]).strip()


def leads_to(answer: TestResponse) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="(/customer_authentication/login[^"]*)"', answer.text)))


def back_to(path: str) -> list[str]:
    here = path.replace("/proxy", "/apps/suki", 1)
    return [f"/customer_authentication/login?return_to={quote(here, safe='')}"]


def unused(engine: Engine, shop: ShopRow) -> bool:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql("SELECT used_at FROM second_steps")] == [(None,)]


@pytest.mark.parametrize("purpose", SENT)
@pytest.mark.parametrize("state", ["good", "expired", "used", "forged"])
def test_a_link_in_an_email_tells_each_reader_what_to_do_and_strangers_nothing_of_it(
    front: Storefront, engine: Engine, settings: Settings, shop: ShopRow, purpose: str, state: str
) -> None:
    path = link_for(front, engine, settings, shop, purpose)
    if state == "forged":
        path = path[:-2] + "zz"
    elif state != "good":
        column = "used_at = now()" if state == "used" else "ends_at = now()"
        with shop_transaction(engine, shop.id) as conn:
            conn.exec_driver_sql(f"UPDATE second_steps SET {column}")
    app = front.client.application
    nobody, other = (Storefront(app, settings, shop.domain, each) for each in ("", "8"))
    for answer in (nobody.get(path), nobody.post(path, key="x")):
        assert (heading(answer), leads_to(answer)) == ("Sign in first", back_to(path))
    for answer in (other.get(path), other.post(path, key=other.key("/proxy/own"))):
        assert (heading(answer), leads_to(answer)) == (OVER, [])
    for _ in range(2):  # a mail program opens it before its reader does
        own = front.get(path)
        assert (heading(own) == OVER) == (state != "good")
    assert unused(engine, shop) == (state != "used")


@pytest.mark.parametrize("path", ["/proxy/rewards/rcard", "/proxy/redemptions/1", "/proxy/own/code/1", "/proxy/own"])
def test_a_page_of_ones_own_leads_nobody_to_signing_in_and_back(
    front: Storefront, settings: Settings, path: str
) -> None:
    nobody = Storefront(front.client.application, settings, front.domain, "")
    answer = nobody.get(path)
    assert leads_to(answer) == back_to(path)
    assert "find that" not in heading(answer)


def test_a_form_that_nobody_sends_leads_back_to_the_rewards(front: Storefront, settings: Settings) -> None:
    nobody = Storefront(front.client.application, settings, front.domain, "")
    answer = nobody.post("/proxy/rewards/rcard", key="x")
    assert leads_to(answer) == back_to("/proxy/rewards")

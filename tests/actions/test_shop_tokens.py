"""Access to the shop: refreshed once for everybody, and asked for again when Shopify takes it back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from plugin.actions.shops.tokens import access_token, refresh_if_idle
from plugin.errors import TokenRejected, Unavailable
from plugin.store.database.db import system_transaction
from plugin.store.shops import shops
from sandbox import tokens as sandbox_tokens
from tests.actions.stage import Stage

QUERY = "query Shop { shop { name } }"


def expire(stage: Stage) -> None:
    stage.rows("UPDATE shop_tokens SET access_expires_at = now() - interval '1 second' RETURNING 1")


def needs_reopen(stage: Stage) -> bool:
    with system_transaction(stage.engine) as conn:
        found = conn.exec_driver_sql("SELECT needs_reopen FROM shops WHERE id = %(id)s", {"id": stage.shop_id})
        return bool(found.scalar_one())


def test_an_expired_token_is_refreshed_once_for_five_who_need_it(stage: Stage) -> None:
    before = len(stage.shop.token)
    expire(stage)
    ours = (stage.engine, stage.work.clients, stage.shop_id)
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda _: access_token(*ours), range(5)))
    assert len(set(found)) == 1
    assert len(stage.shop.token) == before + 1
    assert sandbox_tokens.is_valid(stage.shop, found[0])


def test_a_token_that_shopify_dropped_early_is_refreshed_and_the_call_repeated(stage: Stage) -> None:
    (only,) = stage.shop.token.values()
    only["expires"] = 0
    with system_transaction(stage.engine) as conn:
        shop = shops.get(conn, stage.shop_id)
    assert stage.work.execute(shop, QUERY, {})["shop"]["name"] == stage.shop.settings["name"]
    assert len(stage.shop.token) == 2
    assert access_token(stage.engine, stage.work.clients, stage.shop_id) in stage.shop.token


def test_tokens_are_not_readable_in_the_database(stage: Stage) -> None:
    ((access, refresh),) = stage.rows("SELECT access_token, refresh_token FROM shop_tokens")
    assert not {b"shpat" in bytes(access), b"shprt" in bytes(refresh)} - {False}


def test_a_shop_whose_tokens_are_dead_waits_until_the_owner_opens_the_app_again(stage: Stage) -> None:
    order = stage.buy()
    stage.hear()
    sandbox_tokens.revoke_all(stage.shop)
    stage.settle()
    assert needs_reopen(stage)
    assert {state for _, state, _, _ in stage.waiting("code")} == {"queued"}
    stage.open_app()
    assert not needs_reopen(stage)
    stage.settle(minutes=31)
    assert stage.redemption(order) == ("reserved", "created", None)
    assert stage.waiting() == []


def test_a_shop_that_refuses_every_call_wears_out_no_job(stage: Stage) -> None:
    order = stage.buy()
    stage.hear()
    stage.town.trouble.set(graphql_401=1)
    for _ in range(12):
        stage.settle(hours=1)
    assert {state for _, state, _, _ in stage.waiting("code")} == {"queued"}
    stage.town.trouble.calm()
    stage.settle(hours=1)
    assert stage.redemption(order) == ("reserved", "created", None)


def test_a_refresh_that_shopify_cannot_give_now_changes_nothing(stage: Stage) -> None:
    expire(stage)
    stage.town.trouble.set(token_5xx=1)
    with pytest.raises(Unavailable):
        access_token(stage.engine, stage.work.clients, stage.shop_id)
    assert not needs_reopen(stage)
    stage.town.trouble.calm()
    assert access_token(stage.engine, stage.work.clients, stage.shop_id)


def refresh_idle(stage: Stage) -> None:
    refresh_if_idle(stage.engine, stage.work.clients, stage.shop_id, stage.clock())


def test_a_pair_nobody_used_for_sixty_days_is_refreshed_and_a_fresh_one_is_not(stage: Stage) -> None:
    refresh_idle(stage)
    assert len(stage.shop.token) == 1
    stage.rows("UPDATE shop_tokens SET updated_at = now() - interval '61 days' RETURNING 1")
    refresh_idle(stage)
    assert len(stage.shop.token) == 2


def test_a_pair_encrypted_with_a_key_that_is_gone_asks_for_the_owner(stage: Stage) -> None:
    stage.rows("UPDATE shop_tokens SET access_token = 'x', refresh_token = 'x' RETURNING 1")
    with pytest.raises(TokenRejected, match="Open the app"):
        access_token(stage.engine, stage.work.clients, stage.shop_id)

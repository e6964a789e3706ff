"""The made-up past is always the same, in order of time, and sent once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import requests

from demo.history import Plan, send_history, tell
from demo.trickle import Trickle
from sandbox import run
from sandbox.run import Running
from sandbox.state import Shop
from tests.sandbox.conftest import DOMAIN, Client, Listener

END = datetime(2026, 11, 1, tzinfo=UTC)


def test_the_same_seed_gives_the_same_history(tmp_path):
    stories = []
    for name in ("one", "two"):
        local = run.start(data_dir=tmp_path / name)
        shop = local.shop(DOMAIN, currency="PHP", created_at="2024-01-01T00:00:00Z")
        stories.append(list(tell(shop, Plan(buyers=20, end=END))))
        local.stop()
    first, second = ([(topic, at, event, body.get("id")) for topic, body, at, event in story]
                     for story in stories)  # fmt: skip
    assert first == second
    assert [at for _, at, _, _ in first] == sorted(at for _, at, _, _ in first)
    assert max(at for _, at, _, _ in first) < END


def test_it_is_sent_once_and_remembered(local: Running, shop: Shop, api: Client, app: Listener):
    seen: list[tuple[int, int]] = []
    sent = send_history(local.box, shop, lambda done, total: seen.append((done, total)), Plan(buyers=15, end=END))
    assert sent == len(app.received) > 60
    assert seen[-1] == (sent, sent)
    kinds = Counter(app.topics())
    assert kinds["orders/create"] == len(shop.order)
    assert len({one.headers["x-shopify-webhook-id"] for one in app.received}) == sent
    assert send_history(local.box, shop, plan=Plan(buyers=15, end=END)) == 0


def test_an_interrupted_history_is_repeated_with_the_same_ids(local: Running, shop: Shop, api: Client, app: Listener):
    plan = Plan(buyers=6, end=END)
    send_history(local.box, shop, plan=plan)
    first = {one.headers["x-shopify-webhook-id"]: one.json.get("id") for one in app.received}
    app.received.clear()
    shop.settings["history_done"] = False
    send_history(local.box, shop, plan=plan)
    assert {one.headers["x-shopify-webhook-id"]: one.json.get("id") for one in app.received} == first


def test_new_orders_trickle_in(local: Running, shop: Shop, api: Client, app: Listener):
    trickle = Trickle(local.box, shop, seed=3)
    placed = [trickle.one() for _ in range(10)]
    assert local.box.dispatcher.wait_idle(10)
    assert sorted(one.json["id"] for one in app.of("orders/create")) == sorted(one["id"] for one in placed)


def test_history_and_trickle_are_started_over_http(local: Running, shop: Shop, api: Client, app: Listener):
    url = f"{local.url}/shops/{DOMAIN}"
    assert requests.get(f"{url}/history.json", timeout=5).json()["state"] == "none"
    requests.post(f"{url}/history.json", json={"buyers": 5, "orders": 3}, timeout=5)
    assert local.box.dispatcher.wait_idle(5)
    for _ in range(100):
        state = requests.get(f"{url}/history.json", timeout=5).json()
        if state["state"] == "done":
            break
        local.box.stopping.wait(0.05)
    assert (state["state"], state["sent"]) == ("done", len(app.received))
    assert len(app.of("orders/create")) == 3
    assert requests.post(f"{url}/trickle.json", json={"on": True}, timeout=5).json()["on"] is True
    assert requests.post(f"{url}/trickle.json", json={"on": False}, timeout=5).json() == {"on": False, "placed": 0}

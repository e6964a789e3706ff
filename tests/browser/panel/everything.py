"""One of everything in a shop, so that each page has something to show."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from demo.programme import PROGRAMME
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.privacy import export_parts, privacy
from plugin.store.versions import programmes
from sandbox.shop.staff import OWNER
from tests.browser.conftest import SECRET
from tests.browser.stage import DOMAIN, Stage
from tests.web import agreed
from tests.web.figures import add_failures
from tests.web.members.test_bulk import BULK, POINTS, hidden
from tests.web.messages.test_mailings import FIELDS as MAILING
from tests.web.messages.test_mailings import PAGE as MAILINGS
from tests.web.programme.test_codes_page import FORM as CODES
from tests.web.programme.test_codes_page import PAGE as CODES_PAGE
from tests.web.session import Browser

MORE: dict[str, Any] = {
    "rewards": [
        *PROGRAMME.model_dump(mode="json")["rewards"],
        {"kind": "custom", "id": "r7", "name": "A tour", "points": 10, "instructions": "Call them."},
        {"kind": "donation", "id": "r8", "name": "A tree", "points": 10, "value": 5, "cause": "Trees"},
        {"kind": "pool_code", "id": "r9", "name": "A friend's shop", "points": 10},
    ],
    "orders": {"rules": [{"key": "k1", "name": "Double day", "multiplier": 2}]},
    "milestones": [{"id": "m1", "name": "First", "metric": "orders", "at": 1, "points": 15}],
    "automatic": [{"id": "a20", "name": "Long away", "trigger": "lapsed", "points": 5, "days": 90}],
}
"""What the demo's programme lacks."""


def happen(stage: Stage, app: Flask, settings: Settings) -> None:
    """Orders, people, a whole programme, and one of whatever staff can make."""
    programme = Programme.model_validate(PROGRAMME.model_dump(mode="json") | MORE)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        now = datetime.now(UTC)
        programmes.add(conn, stage.shop_id, programme, "Suki", "", now)
        programmes.add(conn, stage.shop_id, programme, "Suki", "A plan", now + timedelta(days=10), now)
    for first, last in (("Ana", "Reyes"), ("Bea", "Santos"), ("Carla", "Dizon")):
        stage.buy(first, last)
    stage.settle()
    staff = Browser(app, settings.model_copy(update={"shopify_api_secret": SECRET}), DOMAIN, str(OWNER))
    _of_members(stage, staff)
    _of_rewards(stage, staff, programme)
    _asked_for(stage, staff)
    stage.settle()
    add_failures(stage.engine, stage.shop_id)


def _of_members(stage: Stage, staff: Browser) -> None:
    """Points for all of them, in one act; a file of more; and what is counted of earlier orders."""
    terms = staff.post(BULK, **hidden(staff.page("/app/members")), whom="all", act="points")
    look = staff.post(f"{BULK}/check", **(hidden(terms.text) | POINTS | {"points": "5000"}))
    _done(staff.post(f"{BULK}/carry-out", **hidden(look.text)))
    one = {"points": "5", "note": "A late parcel", "kind": "gift", "shown": "yes"}
    asked = staff.post("/app/members/1/adjust", **one)
    _done(staff.post("/app/members/1/adjust/carry-out", **hidden(asked.text)))
    _done(staff.post("/app/members/import", file=(io.BytesIO(b"email,points\nx@example.com,5"), "old.csv"), note="x"))
    before = datetime.now(UTC).date() - timedelta(days=60)
    _done(staff.post("/app/members/past-orders", since=f"{before}", until=f"{before}", judged_by="now"))


def _of_rewards(stage: Stage, staff: Browser, programme: Programme) -> None:
    stage.settle()
    for reward in programme.rewards:
        if reward.id in ("r1", "r7", "r8"):
            _done(staff.post("/app/members/1/redeem", reward=reward.id, key=f"k{reward.id}", **agreed.form(reward)))
    _done(staff.post(CODES_PAGE, **CODES))


def _asked_for(stage: Stage, staff: Browser) -> None:
    """A mailing, a key for programs, and a customer's data."""
    _done(staff.post(f"{MAILINGS}/new", **MAILING))
    assert staff.post("/app/settings/automation", name="Till", scope=["read"]).status_code == 200
    now = datetime.now(UTC)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        number = privacy.add(conn, stage.shop_id, "customers/data_request", "w1", {"customer_id": 7}, now)
        assert number is not None
        export_parts.add(conn, stage.shop_id, number, 1, "members", [{"email": "ana@example.com"}])
        privacy.finish(conn, stage.shop_id, number, {"parts": 1, "rows": 1, "known": True}, now)


def _done(answer: Any) -> None:
    assert answer.status_code == 303, answer.text[:2000]

"""Staff set when promotional emails may go, and how often; what is wrong is said at its field, and nothing is saved."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.rules.sending import promotional as rules
from plugin.rules.sending.sender import Sender
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from tests.conftest import ShopRow
from tests.web.session import Browser

PAGE = "/app/settings/sending"
FORM = {"quiet": "yes", "quiet_from": "22:30", "quiet_until": "07:00", "most": "2", "days": "14"}


def kept(engine: Engine, shop: ShopRow) -> rules.Sending:
    with system_transaction(engine) as conn:
        return rules.stored(shops.get(conn, shop.id).settings)


def test_at_first_it_is_quiet_at_night_and_the_page_says_what_the_shared_sender_allows(browser: Browser) -> None:
    html = browser.page(PAGE)
    assert '<s-option value="21:00" selected>' in html
    assert '<s-option value="08:00" selected>' in html
    assert "You can send 200 promotional emails in 24 hours. 200 are left." in html


def test_what_is_saved_is_shown_again_and_written_into_the_log(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert browser.post(PAGE, **FORM).status_code == 303
    assert kept(engine, shop) == rules.Sending(quiet_from=time(22, 30), quiet_until=time(7), most=2, days=14)
    assert '<s-option value="22:30" selected>' in browser.page(PAGE)
    with shop_transaction(engine, shop.id) as conn:
        acts = conn.exec_driver_sql("SELECT action, detail->>'most' FROM staff_log").fetchall()
    assert [tuple(act) for act in acts] == [("save_sending", "2")]


def test_it_can_be_switched_off(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    assert browser.post(PAGE, **{**FORM, "quiet": ""}).status_code == 303
    assert not kept(engine, shop).quiet


@pytest.mark.parametrize(
    "wrong", [{"most": "-1"}, {"most": "many"}, {"most": ""}, {"most": "101"}, {"days": "0"}, {"days": "91"},
              {"quiet_from": "25:00"}, {"quiet_until": "soon"}, {"quiet_from": ""}]
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    browser: Browser, engine: Engine, shop: ShopRow, wrong: dict[str, Any]
) -> None:
    answer = browser.post(PAGE, **FORM | wrong)
    assert (answer.status_code, 'error="' in answer.text) == (422, True)
    assert kept(engine, shop) == rules.Sending()


def test_a_shop_with_a_sender_of_its_own_reads_of_no_shared_one(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        shops.merge_settings(conn, shop.id, {"sender": Sender("rewards@shop.example", "right").stored()})
    assert "Shared sender" not in browser.page(PAGE)

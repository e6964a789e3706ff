"""What is removed is asked for first, with what follows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Engine

from plugin.actions.programme.edits import Edit
from plugin.actions.programme.save_programme import save_part
from plugin.rules.gifts.automatic_rules import Milestone
from plugin.store.database.db import shop_transaction
from tests.conformance.polaris import problems
from tests.conftest import ShopRow
from tests.web.programme.test_rewards import FIVE_OFF, rewards
from tests.web.session import Browser


def test_removing_a_reward_asks_first_and_names_the_rules_that_give_it(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    browser.post("/app/programme/rewards", based_on="1", **FIVE_OFF)
    (made,) = rewards(engine, shop)[1]
    rules = (
        Milestone(id="m1", name="First order", points=25, reward=made.id),
        Milestone(id="m2", name="Tenth order", at=Decimal(10), reward=made.id),
    )
    with shop_transaction(engine, shop.id) as conn:
        number = save_part(conn, shop.id, "milestones", rules, Edit(2, "staff:1", datetime.now(UTC)))
    asked = browser.post(f"/app/programme/rewards/{made.id}/remove", based_on=str(number))
    assert asked.status_code == 200
    assert problems(asked.text) == []
    assert (
        "The automatic rule “First order” gives this reward. Without it, the rule only gives 25 points." in asked.text
    )
    assert "The automatic rule “Tenth order” gives this reward. Without it, the rule gives nothing." in asked.text
    assert rewards(engine, shop) == (3, (made,))
    again = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text))
    assert browser.post(f"/app/programme/rewards/{made.id}/remove", **again).status_code == 303
    assert rewards(engine, shop) == (4, ())
    assert browser.post(f"/app/programme/rewards/{made.id}/remove", **again).status_code == 404

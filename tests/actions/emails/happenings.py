"""What happens in a shop, by the doors that there are, for tests of the emails that follow from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from plugin import jobs
from plugin.actions.activities import record_activity
from plugin.actions.members import keep_profile
from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.rewards import redeem_points
from plugin.rules.activities.judging import celebrated
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from sandbox.state import Record
from tests.actions.stage import Stage

QUIET: Final[dict[str, Any]] = {"next_order_code": {"enabled": False}, "confirmation": "shopify"}
"""A programme that leaves confirming orders to Shopify, and gives no code for the next one."""
FIVE = {"kind": "amount_off", "id": "rfive", "name": "5 off", "points": 100, "value": "5"}
MUG = FIVE | {"id": "rmug", "name": "Free mug", "points": 10, "valid_days": 7}
REVIEW = {"kind": "review", "id": "areview", "name": "A review", "points": 5, "word": "review"}
BIRTHDAY = {"kind": "birthday", "id": "abirthday", "name": "Birthday", "points": 5, "waiting_days": 0}
YEARS = {"kind": "anniversary", "id": "ayears", "name": "Anniversary", "points": 5}


def scheduled(stage: Stage, name: str, **later: float) -> None:
    """Some time later the schedule calls this task, and what it queues is carried out."""
    stage.clock.ahead += timedelta(**later)
    [task] = [task for _, known, task in jobs.SCHEDULE if known == name]
    task(stage.work)
    stage.settle()


def ana(stage: Stage) -> int:
    """Ana's number, who has bought something."""
    [(number,)] = stage.rows("SELECT id FROM members WHERE email_key = 'ana@example.com'")
    return int(number)


def bought(stage: Stage, **rules: Any) -> Record:
    """Ana has bought a tray under these rules."""
    stage.programme(**QUIET | rules)
    order = stage.buy()
    stage.settle()
    return order


def mug_redeemed(stage: Stage) -> Redemption:
    bought(stage, rewards=[MUG])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        made = redeem_points.redeem(conn, shop, ana(stage), "rmug", None, "k", "shopper", stage.clock())
    stage.settle()
    return made


def mug_taken_back(stage: Stage) -> None:
    made = mug_redeemed(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        redeem_points.undo(conn, shop, made.id, "released", "staff:1", stage.clock())
    stage.settle()


def mug_not_used(stage: Stage) -> None:
    mug_redeemed(stage)
    scheduled(stage, "take_back_expired", days=9)


def points_given(stage: Stage) -> None:
    bought(stage)
    asked = Adjustment(ana(stage), "0" * 32, "goodwill", 50, "Sorry for the late parcel.", shown=True)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        adjust_points.adjust(conn, stage.shop_id, asked, "staff:1", stage.clock())


def points_no_longer_pending(stage: Stage) -> None:
    bought(stage, earning={"pending_days": 3})
    assert stage.rows("SELECT FROM messages") == []
    scheduled(stage, "announce_matured", days=5)


def review_written(stage: Stage) -> None:
    bought(stage, activities=[REVIEW])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        record_activity.record(conn, shop, ana(stage), "review", "k", now, "api:1", now)
    stage.settle()


def birthday_came(stage: Stage) -> None:
    bought(stage, activities=[BIRTHDAY])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        born = shop.day(now + timedelta(days=2))
        keep_profile.set_birthday(conn, shop, ana(stage), (born.month, born.day), "shopper", now)
    scheduled(stage, "celebrate", days=2)


def a_year_passed(stage: Stage) -> None:
    bought(stage, activities=[YEARS])
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        member = members.get(conn, stage.shop_id, ana(stage))
        assert member is not None
        joined, today = shop.day(member.joined_at), shop.day(stage.clock())
    then = celebrated(joined.month, joined.day, joined.year + 1, "28 February")
    scheduled(stage, "celebrate", days=(then - today).days)

"""What happens in a shop, by the doors that there are, for tests of the emails that follow from it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from plugin import jobs
from plugin.actions.activities import answer_survey, ask_survey, record_activity
from plugin.actions.activities.answer_survey import Answer
from plugin.actions.emails import mailings
from plugin.actions.emails.save_kind_settings import save_kind_settings
from plugin.actions.members import keep_profile
from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.rewards import redeem_points
from plugin.rules.activities.judging import celebrated
from plugin.rules.emails.kind_settings import KindSettings
from plugin.rules.mailings.mailing import Letter, MailingText
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from sandbox.shop.orders import Wish
from sandbox.state import Record
from tests.actions.stage import AT_ONCE, Stage

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


def switched_on(stage: Stage, kind: MessageKind, **figures: int) -> None:
    """The shop sends this kind."""
    chosen = {**AT_ONCE.get(kind.value, {}), "on": True, **figures}
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.merge_settings(conn, stage.shop_id, {"emails": AT_ONCE | {kind.value: chosen}})


def ordered_for_the_first_time(stage: Stage) -> None:
    switched_on(stage, MessageKind.THANK_YOU)
    bought(stage)


def mornings(stage: Stage, days: int) -> None:
    """So many mornings come, each with the stats that the night has left."""
    for _ in range(days):
        scheduled(stage, "refresh_stats", days=1)
        scheduled(stage, "daily_emails")


def code_about_to_end(stage: Stage) -> None:
    mug_redeemed(stage)
    mornings(stage, 6)


def customer_away(stage: Stage) -> None:
    switched_on(stage, MessageKind.WIN_BACK, days=7, again_days=7)
    bought(stage)
    mornings(stage, 9)


def checkout_begun(stage: Stage, **buyer: Any) -> Record:
    """Ana, who has bought before, begins a checkout with two trays and leaves, now by the app's clock."""
    [(customer,)] = stage.rows("SELECT customer_id FROM members WHERE email_key = 'ana@example.com'")
    who = {"email": "ana@example.com", "customer_id": customer, **buyer}
    left = stage.town.box.begin_checkout(stage.shop, [(stage.variant(), 2)], stage.clock(), **who)
    stage.hear()
    return left


def reminders_on(stage: Stage, on: bool = True, **figures: int) -> None:
    """Staff switch the reminder of checkouts on, or off."""
    wanted = KindSettings(on, {"hours": 4, "days": 7, **figures})
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        save_kind_settings(conn, stage.shop_id, MessageKind.CART_LEFT, wanted, "staff:1", stage.clock())
    stage.settle()


def agreed(stage: Stage, email: str = "ana@example.com") -> None:
    """Somebody subscribes to the shop's marketing emails."""
    [customer] = [one for one in stage.shop.customer.values() if one["email"] == email]
    stage.town.box.set_consent(stage.shop, customer, "SUBSCRIBED")
    stage.settle()


def checkout_left(stage: Stage) -> Record:
    bought(stage)
    agreed(stage)
    reminders_on(stage)
    left = checkout_begun(stage)
    scheduled(stage, "remind_of_carts", hours=5)
    return left


def mug_in_reach(stage: Stage) -> None:
    switched_on(stage, MessageKind.REWARD_IN_REACH)
    stage.programme(**QUIET | {"rewards": [MUG], "earning": {"pending_days": 3}})
    stage.buy()
    stage.settle()
    mornings(stage, 5)


def ordered_twice(stage: Stage) -> None:
    switched_on(stage, MessageKind.INVITE_FRIENDS)
    bought(stage, referrals={"enabled": True})
    stage.clock.ahead += timedelta(days=2)
    buy_now(stage)
    mornings(stage, 3)


def good_answer(stage: Stage) -> None:
    switched_on(stage, MessageKind.INVITE_FRIENDS)
    order = bought(stage, referrals={"enabled": True})
    ask(stage, "nps")
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, now = shops.get(conn, stage.shop_id), stage.clock()
        assert ask_survey.question_about(conn, shop, order["id"], now)
        answer_survey.answer(conn, shop, ana(stage), Answer("nps", 10, "", order["id"], "k"), now)
    stage.settle()


def ask(stage: Stage, kind: str) -> None:
    """Staff switch the survey on."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shops.merge_settings(conn, stage.shop_id, {"survey": {"asked": kind}})


def buy_now(stage: Stage, **wish: Any) -> Record:
    """Ana buys a tray at this moment of the stage's clock."""
    wished = Wish(lines=[(stage.variant(), 1)], email="ana@example.com", **wish)
    order = stage.town.box.place(stage.shop, wished, stage.clock(), first_name="Ana", last_name="Cruz")
    stage.settle()
    return order


def order_delivered(stage: Stage) -> Record:
    switched_on(stage, MessageKind.SURVEY_ASKED, days=2)
    ask(stage, "csat")
    order = bought(stage)
    stage.town.box.fulfil(stage.shop, order)
    stage.settle()
    mornings(stage, 4)
    return order


def month_over(stage: Stage) -> None:
    switched_on(stage, MessageKind.STATEMENT)
    bought(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
    first = (shop.day(stage.clock()).replace(day=28) + timedelta(days=4)).replace(day=1)
    stage.clock.ahead = datetime.combine(first, time(12), shop.zone) - datetime.now(UTC)
    scheduled(stage, "daily_emails")


NEWS = Letter(
    name="Autumn",
    language="en",
    texts={"en": MailingText("Fresh", "", "Fresh from the roastery", "Three **new** coffees are in.")},
    code="FRESH10",
)


def mailing_planned(stage: Stage) -> int:
    bought(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        number = mailings.draft(conn, shop, NEWS, "", "staff:1", stage.clock())
        mailings.plan(conn, shop, number, None, "staff:1", stage.clock())
    stage.settle()
    return number

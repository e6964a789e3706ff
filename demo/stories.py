"""The stories of the demo: each shows one thing that the programme does, from beginning to end."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from demo.teller import Disappointed, Story, Teller
from sandbox import clock
from sandbox.shop.discounts import find, status
from sandbox.state import Record

BAG = "Abaca tote bag"
BIRTHDAY_IN_DAYS = 8
ONE_MAIL_MINUTES = 5
"""How long an email waits for what else its order brings."""
RETURN_DAYS = 3
"""After which the demo's programme rewards a referral."""


def tier(teller: Teller) -> None:
    """An order that crosses a mark."""
    maria = teller.customer("Maria", "Santos")
    teller.buy(maria, BAG, 3)
    teller.points(maria, 530)
    teller.say("Her order was ₱4,800 without tax, more than half of the way to Silver, which begins at ₱8,000.")
    teller.press(maria, "rewards/r2")
    teller.say("She redeems ₱100 off for 500 points.")
    teller.buy(maria, BAG, 3, teller.code(maria))
    teller.wait(lambda: "<strong>Silver</strong>" in teller.rewards(maria), "her new tier")
    teller.pass_minutes(ONE_MAIL_MINUTES + 2, "what one order brings within five of them is one email.")
    teller.mail_tells(maria, "You have reached Silver.")
    teller.say("From here on every order of hers earns a quarter more.", "/shops/{shop}/admin/apps/suki")


def birthday(teller: Teller) -> None:
    """Points on the day."""
    jose = teller.customer("Jose", "Cruz")
    day = (clock.now() + timedelta(days=BIRTHDAY_IN_DAYS)).astimezone(ZoneInfo(teller.shop.settings["timezone"]))
    teller.press(jose, "earn", "earn/birthday", birth_day=str(day.day), birth_month=str(day.month))
    teller.say(f"He says that his birthday is on {day:%-d %B}.", "/shops/{shop}/apps/suki/earn")
    teller.pass_days(BIRTHDAY_IN_DAYS)
    teller.points(jose, 150)


def expiry(teller: Teller) -> None:
    """Two warnings, then the loss."""
    luz = teller.customer("Luz", "Garcia")
    teller.buy(luz, "Moringa face oil", 1)
    teller.points(luz, 147)
    teller.pass_days(77)
    teller.mail(luz, "147 points")
    before = len(teller.box.post.list(luz["email"], 50))
    teller.say("The points end 90 days after they were earned; this is the first warning, 14 days before.")
    teller.pass_days(11)
    teller.wait(lambda: len(teller.box.post.list(luz["email"], 50)) > before, "the second warning")
    teller.say("The second warning, three days before.", f"/mailbox?to={luz['email']}")
    teller.pass_days(4)
    teller.points(luz, 0)


def undone(teller: Teller) -> None:
    """A reward that she thinks better of."""
    rosa = teller.customer("Rosa", "Reyes")
    teller.buy(rosa, BAG, 3)
    teller.points(rosa, 530)
    teller.press(rosa, "rewards/r2")
    teller.say("She redeems ₱100 off for 500 points.")
    code = teller.code(rosa)
    number = teller.find(rosa, "rewards", r"/redemptions/(\d+)")
    teller.press(rosa, f"redemptions/{number}")
    teller.say("She undoes it. Shopify is asked first: the code is ended there, and was not used.")
    teller.points(rosa, 530)
    discount = find(teller.shop, code)
    if discount is None or status(discount, clock.now()) != "EXPIRED":
        raise Disappointed("The code still works.")


def refunded(teller: Teller) -> None:
    """A reward used by an order that comes back."""
    pedro = teller.customer("Pedro", "Ramos")
    teller.buy(pedro, BAG, 3)
    teller.points(pedro, 530)
    teller.press(pedro, "rewards/r2")
    teller.say("He redeems ₱100 off for 500 points.")
    order = teller.buy(pedro, BAG, 1, teller.code(pedro))
    teller.points(pedro, 181)
    teller.say(f"30 were left, and ₱1,510 without tax earned 151. The code is used by {order['name']}.")
    teller.box.refund_all(teller.shop, order)
    teller.say(f"{order['name']} is refunded: what it earned is taken back, what the code cost comes back.")
    teller.points(pedro, 530)


def invited(teller: Teller) -> None:
    """A link, a friend, a code, an order, and the reward once nothing can come back."""
    grace = teller.customer("Grace", "Villanueva")
    link = teller.find(grace, "friends", r"/r/(\w+)")
    teller.say("She finds a link of her own under “Invite friends”.", f"/shops/{{shop}}/apps/suki/r/{link}")
    ben: Record = {"id": None, "first_name": "Ben", "last_name": "Lim", "email": teller.address("Ben")}
    teller.press(ben, f"r/{link}", email=ben["email"])
    teller.say("Ben, who has no account, follows it and gives his e-mail address. The page says the same to everybody.")
    teller.mail(ben, "A friend sent you something")
    code = teller.mailed_code(ben)
    teller.buy(ben, BAG, 2, code)
    teller.pass_minutes(1, "half of one is how long we wait for Shopify to say who Ben is.")
    teller.mail(grace, "Your friend has ordered")
    teller.points(grace, 50)
    review = "/shops/{shop}/admin/apps/suki/app/programme/referrals/review"
    teller.say("Nothing is hers yet: the order can still come back.", f"{review}?state=open")
    teller.pass_days(RETURN_DAYS)
    teller.mail(grace, "A thank-you")
    teller.points(grace, 250)
    teller.say("Staff see who invited whom, and whatever looked unusual about it.", f"{review}?state=paid")


STORIES = (
    Story(
        "tier",
        "An order that crosses a tier",
        "Her second order uses a code and makes her Silver: one mail says so, with the code for the next order.",
        tier,
        needs=("tiers", "rewards"),
    ),
    Story(
        "birthday",
        "A birthday",
        f"He gives the day on the storefront; {BIRTHDAY_IN_DAYS} days later the points are there.",
        birthday,
        BIRTHDAY_IN_DAYS,
        ("activities",),
    ),
    Story(
        "undone",
        "A redemption undone",
        "Points become a code, and come back to where they were.",
        undone,
        needs=("rewards",),
    ),
    Story(
        "refunded",
        "A redemption used, and its order refunded",
        "The code is used; the refund takes back what the order earned and gives back what the code cost.",
        refunded,
        needs=("rewards",),
    ),
    Story(
        "invited",
        "A friend invited, from the link to the reward",
        f"Her link brings him a code; {RETURN_DAYS} days after his order she is rewarded.",
        invited,
        RETURN_DAYS,
        ("referrals",),
    ),
    Story(
        "expiry", "Points that end", "Two warnings by mail, then the points are gone.", expiry, 92, ("expiry", "tiers")
    ),
)

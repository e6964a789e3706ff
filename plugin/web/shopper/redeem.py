"""Points are spent on a reward: a page that says what comes of it and on what terms, and then it is done.

On a slider the number comes first. A number that will not do is asked for again, and nothing is spent.
"""

from __future__ import annotations

from functools import partial

from flask import Flask, Response, request

from plugin.actions.rewards import redeem_points
from plugin.errors import Denied, NotFound
from plugin.rules.rewards import as_shown, kinds
from plugin.rules.rewards.as_shown import Shown
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.types import Reason
from plugin.rules.words.own_words import names_of
from plugin.web.auth import caller
from plugin.web.current import acting, now, parts, shop, transaction
from plugin.web.shopper import named, own_rewards, proxy
from plugin.web.shopper.offers import ONLINE, offer, worth
from plugin.web.shopper.page import in_words, members_sayer, page, sayer, signed_in, visit
from plugin.web.shopper.rewards import overview_page

OFF_THE_SLIDER = ("not_on_slider", "too_few_points")


def register(app: Flask) -> None:
    """Add the routes; Shopify calls them for /apps/suki/… of each shop."""
    app.add_url_rule("/proxy/rewards/<reward_id>", "shopper_reward", confirm_reward)
    app.add_url_rule("/proxy/rewards/<reward_id>", "shopper_redeem", redeem, methods=["POST"])


@caller("proxy")
def confirm_reward(reward_id: str) -> Response:
    """Ask before points are spent."""
    return _ask(reward_id, request.args.get("points"))


def _ask(reward_id: str, given: str | None) -> Response:
    """The question; on a slider first how many, until `given` is a number that will do."""
    with transaction() as conn:
        shopper = signed_in(conn)
        reward = kinds.find(shopper.version.programme.rewards, reward_id)
        if reward is None or not reward.active:
            raise NotFound("We couldn't find that reward.")
        shown = offer(conn, shopper, reward)
    points, wrong = shown.reward.points, None
    chosen = not isinstance(shown.reward, Sliding)
    if not chosen and given is not None and shown.why is None:
        points = _whole(given)
        wrong = shown.refusal(points)
        chosen = wrong is None
    say, seen = sayer(shopper.member.locale), as_shown.shown(shown.reward, points)
    shown = named.offered(shown, names_of(shopper.points_name))
    return page("confirm_reward.html", shopper.member.locale, 422 if wrong else 200, offer=shown, reward=shown.reward,
                shopper=shopper, worth=worth, points_name=shopper.points_name, chosen=chosen, cost=points, wrong=wrong,
                given=given, seen=seen,
                what_happens=own_rewards.what_happens(shown.reward, say, partial(worth, shown.reward)),
                )  # fmt: skip


def _whole(text: str) -> int:
    """The points that were typed; below zero for anything that is no whole number."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _seen(chosen: int | None) -> Shown:
    """What the form showed, the points chosen on a slider for a price; a form without it has shown nothing that
    anybody could agree to."""
    price = _whole(request.form.get("price", "")) if chosen is None else chosen
    return Shown(price, request.form.get("offer", ""))


@caller("proxy")
def redeem(reward_id: str) -> Response:
    """Spend the points; the form's key makes a second click the same redemption."""
    key, given, say = request.form.get("key", ""), request.form.get("points", ""), members_sayer()
    if not proxy.known_key(parts().settings, visit(), key):
        return overview_page(problem=say("shopper.shared.expired_unspent"), status=422)
    sliding = False
    try:
        with acting() as conn:
            shopper = signed_in(conn)
            sliding = isinstance(kinds.find(shopper.version.programme.rewards, reward_id), Sliding)
            points = _whole(given) if sliding else None
            made = redeem_points.redeem(
                conn, shop(), shopper.member.id, reward_id, points, key, "shopper", now(), ONLINE, _seen(points)
            )
    except Denied as error:
        if sliding and error.code in OFF_THE_SLIDER:
            return _ask(reward_id, given)
        return overview_page(problem=in_words(Reason(error.code, error.values)), status=422)
    return overview_page(said=own_rewards.thanks(named.redeemed(made, names_of(shopper.points_name)), say))

"""What the programme costs with what is typed in it, in plain words; what it is without stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from plugin.actions.programme.recommend_start import order_amounts
from plugin.rules.orders.earning_rules import OrderRule
from plugin.rules.programme import Programme
from plugin.rules.rewards.costly import MUCH_PERCENT
from plugin.rules.versions import programme_cost
from plugin.rules.versions.programme_cost import Cost
from plugin.web.admin.programme.previews import Typed
from plugin.web.current import now, shop, transaction
from plugin.web.shown import money, percent, points
from plugin.web.words import counted, t

EFFECT = ("effect", "multiplier", "points", "per_amount")
"""What a rule does, without when it does it."""
HUNDRED = 100
"""So many points are priced at once: one is worth too little to be read."""


def of_orders(typed: Typed, at: datetime | None = None) -> list[str]:
    """What goes back of what members buy, what points are worth, and how that is known."""
    amounts, orders = _amounts()
    cost, was = (_cost(each, amounts, at or now()) for each in (typed.programme, typed.saved))
    said = [_share(cost, was)]
    if cost.top_percent != cost.points_percent:
        said.append(t("programme.cost.top", share=percent(cost.most_percent)))
    if cost.most_percent >= MUCH_PERCENT:
        said.append(t("programme.cost.much"))
    return [*said, *_worth(typed.programme, amounts), _known(amounts, orders)]


def of_rule(typed: Typed, rule: OrderRule, at: datetime) -> list[str]:
    """What the orders give back that a rule applies to, as if it applied to everything, beside what all others do."""
    amounts, orders = _amounts()
    others = tuple(each for each in typed.programme.orders.rules if each.key != rule.key)
    alone = OrderRule(key=rule.key, name=rule.name, **{name: getattr(rule, name) for name in EFFECT})
    without, applied = (
        typed.programme.model_copy(update={"orders": typed.programme.orders.model_copy(update={"rules": rules})})
        for rules in (others, (*others, alone))
    )
    cost, was = (_cost(each, amounts, at) for each in (applied, without))
    said = [t("programme.cost.rule", share=percent(cost.usual_percent), without=percent(was.usual_percent))]
    if cost.most_percent >= MUCH_PERCENT:
        said.append(t("programme.cost.much"))
    return [*said, *_worth(typed.programme, amounts), _known(amounts, orders)]


def of_each(typed: Typed, given: int, reward: str = "") -> list[str]:
    """What it costs each time that somebody gets so many points, and a reward by its id."""
    amounts, orders = _amounts()
    usual = sorted(amounts)[len(amounts) // 2]
    value = programme_cost.worth_of_a_point(typed.programme, shop().currency, usual) or Fraction(0)
    of_reward = programme_cost.worth_of(typed.programme, reward, shop().currency, usual)
    if (given and not value) or (reward and of_reward is None):
        return [t("programme.cost.unpriced")]
    minor = round(given * value + (of_reward or 0))
    said = [t("programme.cost.each", amount=money(minor))]
    if minor >= usual:
        said.append(t("programme.cost.each_much", amount=money(usual)))
    return [*said, _known(amounts, orders)]


def of_friends(typed: Typed) -> list[str]:
    """What a friend who buys costs, and the share of a usual order."""
    amounts, orders = _amounts()
    cost, was = (_cost(each, amounts, now()) for each in (typed.programme, typed.saved))
    if not typed.programme.referrals.enabled:
        return [t("programme.cost.no_friends")]
    share = percent((Decimal(cost.referral_minor) * 100 / max(1, cost.order_minor)).quantize(Decimal(1)))
    said = [t("programme.cost.friend", amount=money(cost.referral_minor), share=share)]
    if was.referral_minor not in (0, cost.referral_minor):
        said.append(t("programme.cost.was", share=money(was.referral_minor)))
    if cost.referral_minor >= cost.order_minor:
        said.append(t("programme.cost.friend_much"))
    of_points = typed.programme.referrals.advocate.kind == "points"
    return [*said, *(_worth(typed.programme, amounts) if of_points else ()), _known(amounts, orders)]


def of_joining(typed: Typed) -> list[str]:
    """What orders give back, and what each new member costs."""
    amounts, _ = _amounts()
    cost = _cost(typed.programme, amounts, now())
    joining = [t("programme.cost.welcome", amount=money(cost.welcome_minor))] if cost.welcome_minor else []
    return [*joining, *of_orders(typed)]


def _amounts() -> tuple[list[int], int]:
    with transaction() as conn:
        return order_amounts(conn, shop())


def _cost(programme: Programme, amounts: Sequence[int], at: datetime) -> Cost:
    return programme_cost.cost_of(programme, shop().currency, amounts, at)


def _share(cost: Cost, was: Cost) -> str:
    """What of every order goes back to members without a tier; what it is now, where that is another share."""
    said = t("programme.cost.share", share=percent(cost.usual_percent))
    if cost.usual_percent != was.usual_percent:
        said = f"{said} {t('programme.cost.was', share=percent(was.usual_percent))}"
    return said


def _worth(programme: Programme, amounts: Sequence[int]) -> list[str]:
    usual = sorted(amounts)[len(amounts) // 2]
    value = programme_cost.worth_of_a_point(programme, shop().currency, usual)
    if value is None:
        return [t("programme.cost.no_worth")]
    worth = money(round(HUNDRED * value))
    return [t("programme.cost.worth", points=points(HUNDRED, programme.points_name), amount=worth)]


def _known(amounts: Sequence[int], orders: int) -> str:
    """By how many orders it is known."""
    usual = money(sorted(amounts)[len(amounts) // 2])
    return counted("programme.cost.by_orders", orders) if orders else t("programme.cost.by_guess", amount=usual)

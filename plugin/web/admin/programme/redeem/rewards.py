"""Rewards: the list, and one reward in its editor; each save is a new version of the programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import save_rewards, sort_rewards
from plugin.actions.programme.needed_scopes import not_allowed
from plugin.errors import BadInput, NotFound
from plugin.rules.explain import plain
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds as reward_rules
from plugin.rules.rewards import redemption as reward_terms
from plugin.rules.rewards.display_order import SETTING, in_order
from plugin.rules.rewards.kinds import FreeShipping, PercentOff, Reward
from plugin.rules.rewards.own_rewards import Custom, Donation, PartnerCode
from plugin.rules.rewards.reward_settings import Sliding
from plugin.rules.words.texts import Said
from plugin.store.codes import partner_codes
from plugin.store.rewards import reward_uses
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, found, go, page
from plugin.web.admin.programme.redeem import costs, reward_preview
from plugin.web.admin.programme.saving import (
    based_on,
    changed,
    edit_of,
    newest,
    not_in_the_shop,
    removal,
    saved_or_shown,
)
from plugin.web.admin.programme.tier_choices import tier_choices
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.forms import rewards as reward_form
from plugin.web.shown import offered, points, step, zone
from plugin.web.words import t

KINDS = (
    "amount_off",
    "slider",
    "percent_off",
    "free_shipping",
    "free_product",
    "gift_card",
    "store_credit",
    "store_credit_slider",
    "donation",
    "custom",
    "pool_code",
)
"""The words are `programme.rewards.kind.<name>`."""
PERIODS = ("ever", "day", "week", "month", "year")
BACK = ("full", "proportional", "none")
DEDUCT = ("redeemed", "ordered")
"""The words are `programme.rewards.period.<name>`, `back.<name>` and `deduct.<name>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/rewards", view_func=rewards)
    app.add_url_rule("/app/programme/rewards/new", "new_reward", new)
    app.add_url_rule("/app/programme/rewards/add", "add_reward", add)
    app.add_url_rule("/app/programme/rewards/<reward_id>/place", "sort_reward", sort, methods=["POST"])
    app.add_url_rule("/app/programme/rewards/<reward_id>", view_func=reward)
    app.add_url_rule("/app/programme/rewards", "save_reward", save, methods=["POST"])
    app.add_url_rule(
        "/app/programme/rewards/<reward_id>/<any(pause, resume, remove):what>",
        "change_reward",
        change,
        methods=["POST"],
    )
    app.add_url_rule("/app/programme/rewards/<reward_id>/refill", "refill_reward", refill, methods=["POST"])


@caller("session", reads="nothing")
def rewards() -> Response:
    """Every reward of the version in force, or of the planned one, and how often each was used."""
    return _list()


def _list(message: str = "", status: int = 200) -> Response:
    version = newest()
    with transaction() as conn:
        used = reward_uses.counts(conn, shop().id, [one.id for one in version.programme.rewards])
        codes = partner_codes.left(conn, shop().id, [one.id for one in version.programme.rewards])
    usual = costs.usual_order()
    rows = in_order(version.programme.rewards, shop().settings.get(SETTING))
    return page(
        "admin/programme/redeem/rewards.html",
        status,
        version=version,
        rows=rows,
        used=used,
        left=_left(used, codes),
        worth=_worth,
        warnings=lambda one: costs.warnings(one, version.programme, now(), usual),
        state=offered,
        message=message,
    )


def _left(used: Mapping[str, int], codes: Mapping[str, int]) -> Callable[[Reward], int | None]:
    """How many are left of a reward; None where it has no end."""

    def left(one: Reward) -> int | None:
        pool = codes.get(one.id, 0) if isinstance(one, PartnerCode) else None
        return reward_terms.left(one, used.get(one.id, 0), pool)

    return left


def _worth(one: Reward) -> str:
    """What the reward is worth, in a few words."""
    if isinstance(one, FreeShipping):
        return t("programme.rewards.all_countries") if not one.countries else ", ".join(sorted(one.countries))
    if isinstance(one, Custom | PartnerCode):
        return one.description[:60]
    amount = plain(str(one.value))
    if isinstance(one, PercentOff):
        return t("frame.redemption.percent", value=amount)
    money = f"{amount} {shop().currency}"
    if isinstance(one, Donation):
        return t("programme.rewards.worth_cause", amount=money, cause=one.cause)
    return t("programme.rewards.worth_step", amount=money, points=one.step) if isinstance(one, Sliding) else money


@caller("session", reads="nothing")
def add() -> Response:
    """What there is to choose from, as cards."""
    return page("admin/programme/redeem/add.html", version=newest(), kinds=KINDS)


@caller("session", role="manager")
def sort(reward_id: str) -> AnyResponse:
    """Put a reward at another place of the list that members see."""
    to = request.form.get("to", "")
    if not to.isdecimal() or len(to) > 4:
        raise NotFound(Said("frame.error.not_found"))
    with transaction() as conn:
        sort_rewards.put_at(conn, shop().id, reward_id, int(to), staff().actor, now())
    return go("rewards", done="saved")


@caller("session", reads="nothing")
def new() -> Response:
    """An empty form of one kind."""
    version = newest()
    blank = reward_form.blank(request.args.get("kind", "")) | {"id": save_rewards.new_id()}
    return _form(Form(blank, {}), version, version.number)


@caller("session", reads="nothing")
def reward(reward_id: str) -> Response:
    """One reward in its form."""
    return _one(reward_id)


def _one(reward_id: str, wrong: BadInput | None = None) -> Response:
    version = newest()
    with transaction() as conn:
        used = reward_uses.counts(conn, shop().id, [reward_id]).get(reward_id, 0)
    one: Reward | None = reward_rules.find(version.programme.rewards, reward_id)
    if one is None:
        raise NotFound(Said("frame.error.not_found"))
    errors, message = (wrong.fields, wrong.message) if wrong else ({}, "")
    form = Form(reward_form.form_of(one, zone()), errors, message)
    return _form(form, version, version.number, wrong.status if wrong else 200, reward_terms.left(one, used))


@caller("session", role="manager")
def refill(reward_id: str) -> AnyResponse:
    """There are more of it again."""
    try:
        with transaction() as conn:
            more = request.form.get("more", "").strip()
            save_rewards.refill(conn, shop(), reward_id, more, edit_of({}, based_on()))
    except BadInput as error:
        return _one(reward_id, error)
    return go("reward", reward_id=reward_id, done="saved")


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form, or show what is wrong at its fields."""

    wrong = not_in_the_shop(reward_form.GOODS)

    def saved(conn: Connection, form: dict[str, str], based_on: int) -> int:
        return save_rewards.save_reward(
            conn, shop(), reward_form.read(form, shop().currency, zone(), wrong), edit_of(form, based_on)
        )

    return saved_or_shown(saved, _form, "rewards", Editor(_fields))


@caller("session", role="manager")
def change(reward_id: str, what: str) -> AnyResponse:
    """Pause, offer again or remove a reward; what is removed is asked for first."""
    programme = newest().programme
    one = found(reward_rules.find(programme.rewards, reward_id))
    if ask := removal(what, one.name, "rewards", _follows(programme, reward_id)):
        return ask

    def change_it(conn: Connection, start: int) -> int:
        return save_rewards.change_reward(conn, shop(), reward_id, what, edit_of({}, start))

    return changed(change_it, _list, "rewards")


def _fields(programme: Programme, typed: Mapping[str, str]) -> Mapping[str, str] | None:
    """The form of the reward that was typed, as a programme has it."""
    one = reward_rules.find(programme.rewards, typed.get("id", ""))
    return reward_form.form_of(one, zone()) if one else None


def _follows(programme: Programme, reward_id: str) -> list[str]:
    """What removing a reward brings."""
    said = [t("programme.rewards.follows")]
    for rule in (*programme.milestones, *programme.automatic):
        if rule.reward == reward_id:
            left = points(rule.points, programme.points_name)
            key = "programme.rewards.follows_points" if rule.points else "programme.rewards.follows_nothing"
            said.append(t(key, rule=rule.name, points=left))
    return said


def _form(form: Form, version: Version, start: int, status: int = 200, left: int | None = None) -> Response:
    kind = form.values.get("kind", "")
    fields = reward_form.KIND_MODELS[kind].model_fields
    return page(
        "admin/programme/redeem/reward.html",
        status,
        form=form,
        version=version,
        based_on=start,
        kind=kind,
        kinds=KINDS,
        fields=fields,
        step=step(),
        tier_choices=tier_choices(form.values, version, "tiers", "prices"),
        missing=not_allowed(shop(), kind),
        periods=_choices("period", PERIODS),
        backs=_choices("back", BACK),
        deducts=_choices("deduct", DEDUCT),
        left=left,
        preview=reward_preview.drawn(form.values, version),
    )


def _choices(part: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """What a select offers: each value with its words."""
    return [(name, t(f"programme.rewards.{part}.{name}")) for name in names]

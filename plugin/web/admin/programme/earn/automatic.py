"""Programme, Automatic: what is given by itself, each rule in its editor, and whom it reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.gifts import automatic
from plugin.actions.programme import save_automatic
from plugin.errors import NotFound
from plugin.rules.gifts.automatic_rules import Birthday, Frequent, Giving, Lapsed, Milestone, TierEntry
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds
from plugin.rules.words.texts import Said
from plugin.store.gifts import gifts
from plugin.store.members import members
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, found, page
from plugin.web.admin.programme import cost_words, previews
from plugin.web.admin.programme.previews import Beside, Typed
from plugin.web.admin.programme.saving import changed, edit_of, newest, removal, saved_or_shown
from plugin.web.admin.programme.together import Editor
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.forms import automatic as rule_form
from plugin.web.shown import money, points, step, zone
from plugin.web.words import counted, t

TRIGGERS = tuple(rule_form.MODELS)
"""In this order they are offered; the words are `programme.automatic.trigger.<trigger>`."""
RECENT = 10


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/automatic", "automatic", shown)
    app.add_url_rule("/app/programme/automatic/new", "new_automatic", new)
    app.add_url_rule("/app/programme/automatic/<rule_id>", "automatic_rule", rule)
    app.add_url_rule("/app/programme/automatic", "save_automatic", save, methods=["POST"])
    app.add_url_rule("/app/programme/automatic/preview", "preview_automatic", preview, methods=["POST"])
    app.add_url_rule(
        "/app/programme/automatic/<rule_id>/<any(pause, resume, remove):what>",
        "change_automatic",
        change,
        methods=["POST"],
    )


@caller("session", reads="nothing")
def shown() -> Response:
    """Every rule of the newest version, and how often each gave something."""
    return _list()


def _list(message: str = "", status: int = 200) -> Response:
    version = newest()
    with transaction() as conn:
        counts = gifts.counts(conn, shop().id, now().astimezone(zone()).date())
    programme = version.programme
    rows = [row_of(one, programme, counts) for one in (*programme.milestones, *programme.automatic)]
    return page(
        "admin/programme/earn/automatic.html", status, version=version, rows=rows, triggers=TRIGGERS, message=message
    )


def row_of(one: Giving, programme: Programme, counts: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """What a list shows of a rule."""
    total, today = counts.get(one.id, (0, 0))
    gives = [points(one.points, programme.points_name)] if one.points else []
    reward = kinds.find(programme.rewards, one.reward or "")
    if one.reward:
        gives.append(reward.name if reward else t("programme.automatic.reward_deleted"))
    state = ("programme.state.running", "success") if one.active else ("programme.state.paused", "neutral")
    if one.active and one.reward and reward is None:
        state = ("programme.automatic.state_reward_deleted", "warning")
    return {
        "rule": one,
        "when": _when(one, programme),
        "gives": t("programme.automatic.both", points=gives[0], reward=gives[1]) if len(gives) > 1 else "".join(gives),
        "state": (t(state[0]), state[1]),
        "total": total,
        "today": today,
        "in_total": getattr(one, "in_total", None),
        "per_day": getattr(one, "per_day", None),
    }


def _when(one: Giving, programme: Programme) -> str:
    """What it waits for, in a few words."""
    if isinstance(one, Milestone):
        if one.metric == "spend":
            return t("programme.automatic.when.spent", amount=money(to_minor(one.at, minor_digits(shop().currency))))
        return (
            t("programme.automatic.when.first_order") if one.at == 1 else counted("programme.earn.orders", int(one.at))
        )
    if isinstance(one, TierEntry):
        tier = programme.tiers.named(one.tier)
        return (
            t("programme.automatic.when.tier", tier=tier.name) if tier else t("programme.automatic.when.tier_deleted")
        )
    if isinstance(one, Lapsed):
        return counted("programme.automatic.when.lapsed", one.days)
    if isinstance(one, Frequent):
        often, days = counted("programme.earn.orders", one.orders), counted("programme.earn.days", one.days)
        return t("programme.automatic.when.frequent", orders=often, days=days)
    return t("programme.automatic.when.birthday") if isinstance(one, Birthday) else ""


@caller("session", reads="nothing")
def new() -> Response:
    """An empty form for one trigger."""
    version = newest()
    trigger = request.args.get("trigger", "")
    blank = rule_form.blank(trigger) | {"id": save_automatic.new_id(trigger)}
    return _form(Form(blank, {}), version, version.number)


@caller("session", reads="nothing")
def rule(rule_id: str) -> Response:
    """One rule in its form, with what it gave and whom it would reach."""
    version = newest()
    one = save_automatic.known_rule(version.programme, rule_id)
    if one is None:
        raise NotFound(Said("frame.error.not_found"))
    return _form(Form(rule_form.form_of(one), {}), version, version.number)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save the form, or show what is wrong at its fields."""
    return saved_or_shown(_saving, _form, "automatic", Editor(_fields))


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """What members get by the rule that is typed, and what it costs."""
    return previews.asked(_saving, Editor(_fields), BESIDE)


def _saving(conn: Connection, form: dict[str, str], based_on: int) -> int:
    programme = programmes.edited(conn, shop().id, based_on, now()).programme
    old = save_automatic.known_rule(programme, form.get("id", ""))
    return save_automatic.save_rule(conn, shop(), rule_form.read(form, old), edit_of(form, based_on))


def _entry(programme: Programme, form: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    """The gift as members find it in their history, by what it is for: its name is for staff alone."""
    one = save_automatic.known_rule(programme, form.get("id", ""))
    if one is None:
        return ()
    told = t("programme.preview.gift_mail" if one.mail else "programme.preview.gift")
    row = row_of(one, programme, {})
    return [(str(row["when"]), str(row["gives"]), told)]


def _costs(typed: Typed) -> Sequence[str]:
    one = save_automatic.known_rule(typed.programme, typed.form.get("id", ""))
    return cost_words.of_each(typed, one.points, one.reward or "") if one else ()


def _samples() -> Mapping[str, str]:
    return {"name": t("programme.automatic.new"), "points": "10", "reward": ""}


BESIDE = Beside((), _costs, samples=_samples, entries=_entry)


@caller("session", role="manager")
def change(rule_id: str, what: str) -> AnyResponse:
    """Pause, resume or remove a rule; what is removed is asked for first."""
    one = found(save_automatic.known_rule(newest().programme, rule_id))
    if ask := removal(what, one.name, "automatic", [t("programme.automatic.kept"), t("programme.automatic.stops")]):
        return ask

    def change_it(conn: Connection, start: int) -> int:
        return save_automatic.change_rule(conn, shop(), rule_id, what, edit_of({}, start))

    return changed(change_it, _list, "automatic")


def _fields(programme: Programme, typed: Mapping[str, str]) -> Mapping[str, str] | None:
    """The form of the rule that was typed, as a programme has it."""
    one = save_automatic.known_rule(programme, typed.get("id", ""))
    return rule_form.form_of(one) if one else None


def _form(form: Form, version: Version, start: int, status: int = 200) -> Response:
    trigger = form.values.get("trigger", "")
    if trigger not in TRIGGERS:
        raise NotFound(Said("frame.error.not_found"))
    programme = version.programme
    values: dict[str, Any] = {
        "rewards": [("", t("programme.automatic.no_reward")), *((one.id, one.name) for one in programme.rewards)],
        "tiers": [(tier.key, tier.name) for tier in programme.tiers.levels],
        "step": step(),
    }
    return page(
        "admin/programme/earn/automatic_rule.html",
        status,
        form=form,
        version=version,
        based_on=start,
        trigger=trigger,
        preview=previews.begun(form, version, _saving, Editor(_fields), BESIDE),
        **values,
        **_reach(programme, form.values.get("id", "")),
    )


def _reach(programme: Programme, rule_id: str) -> dict[str, Any]:
    """What the saved rule gave last, and how many members would get it today."""
    one = save_automatic.known_rule(programme, rule_id)
    if one is None:
        return {"recent": [], "people": {}, "today": None}
    with transaction() as conn:
        recent = gifts.recent(conn, shop().id, one.id, RECENT)
        people = members.by_ids(conn, shop().id, {gift.member_id for gift in recent})
        asked = isinstance(one, Lapsed | Frequent)
        today = automatic.would_get(conn, shop(), one, now()) if asked else None
    return {"recent": recent, "people": people, "today": today}

"""Settings › Staff: who opened the app, their role, when they were last here; owners change roles and the daily sum."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import staff_roles
from plugin.errors import BadInput
from plugin.rules.access.roles import ROLES
from plugin.store.shops import staff as store
from plugin.web.admin.frame.layout import Form, found, go, page
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.words import t

ONE = "/app/settings/staff/<int:account>"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/staff", "staff_roles", shown)
    app.add_url_rule("/app/settings/staff", "set_most_a_day", save_sum, methods=["POST"])
    app.add_url_rule(ONE, "staff_role", one)
    app.add_url_rule(ONE, "set_role", save_role, methods=["POST"])


@caller("session", reads="nothing")
def shown() -> Response:
    """Everybody who ever opened the app here."""
    return _page(Form({"corrections_a_day": str(staff_roles.most_a_day(shop()))}, {}))


def _page(form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        accounts = store.all_of(conn, shop().id)
    return page("admin/settings/staff_roles.html", status, form=form, accounts=accounts, roles=ROLES,
                has_owner=any(each.role == "owner" for each in accounts))  # fmt: skip


@caller("session", role="owner", reads="nothing")
def one(account: int) -> Response:
    """Choose a role for one account."""
    return _one(account, Form({}, {}))


def _one(account: int, form: Form, status: int = 200) -> Response:
    with transaction() as conn:
        known = found(store.get(conn, shop().id, str(account)))
    values = {"role": known.role, **form.values}
    choices = [(role, _choice(role)) for role in ROLES]
    return page(
        "admin/settings/staff_role.html",
        status,
        account=known,
        choices=choices,
        form=Form(values, form.errors, form.message),
    )


def _choice(role: str) -> str:
    return t("settings.staff.choice", role=t(f"settings.staff.role.{role}"), can=t(f"settings.staff.can.{role}"))


@caller("session", role="owner")
def save_role(account: int) -> AnyResponse:
    """Give the role that was chosen."""
    role = request.form.get("role", "")
    try:
        with transaction() as conn:
            changed = staff_roles.set_role(conn, shop().id, str(account), role, staff().actor, now())
    except BadInput as error:
        return _one(account, Form({"role": role}, error.fields, error.message), error.status)
    return go("staff_roles", done="saved" if changed else "unchanged")


@caller("session", role="owner")
def save_sum() -> AnyResponse:
    """Change how many points a manager may give or take by hand in a day."""
    text = request.form.get("corrections_a_day", "")
    try:
        with transaction() as conn:
            staff_roles.set_most_a_day(conn, shop().id, text, staff().actor, now())
    except BadInput as error:
        return _page(Form({"corrections_a_day": text}, error.fields, error.message), error.status)
    return go("staff_roles", done="saved")

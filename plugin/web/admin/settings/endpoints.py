"""Settings, Webhooks: where the shop's events go, how it goes, and what was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.automation import endpoints, try_endpoint
from plugin.actions.automation.tell_endpoints import data_of
from plugin.clients.outgoing.post import Answered
from plugin.errors import BadInput
from plugin.rules.events import EventKind
from plugin.rules.outgoing import bodies
from plugin.rules.outgoing.bodies import Person
from plugin.rules.outgoing.conditions import COMPARES, FIELDS, MOST
from plugin.store.automation import endpoints as stored
from plugin.store.automation import outgoing
from plugin.store.automation.endpoints import Endpoint
from plugin.store.members import members
from plugin.web.admin.frame.layout import Form, found, go, number_from, page, row_id
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction
from plugin.web.forms import endpoint as forms
from plugin.web.forms.days import day_of
from plugin.web.words import t

STATES = ("waiting", "sent", "failed")


def register(app: Flask) -> None:
    """Add the routes."""
    one = "/app/settings/webhooks/<int:endpoint_id>"
    app.add_url_rule("/app/settings/webhooks", "endpoints", index)
    app.add_url_rule("/app/settings/webhooks/new", "new_endpoint", new)
    app.add_url_rule("/app/settings/webhooks/new", "make_endpoint", make, methods=["POST"])
    app.add_url_rule(one, "endpoint", show)
    app.add_url_rule(one, "change_endpoint", change, methods=["POST"])
    app.add_url_rule(f"{one}/switch", "switch_endpoint", switch, methods=["POST"])
    app.add_url_rule(f"{one}/secret", "renew_endpoint_secret", renew_secret, methods=["POST"])
    app.add_url_rule(f"{one}/test", "test_endpoint", test, methods=["POST"])
    app.add_url_rule(f"{one}/replay", "replay_events", replay, methods=["POST"])
    app.add_url_rule(f"{one}/remove", "confirm_remove_endpoint", confirm_remove)
    app.add_url_rule(f"{one}/remove", "remove_endpoint", remove, methods=["POST"])
    app.add_url_rule(f"{one}/sent", "sent_events", sent)
    app.add_url_rule(f"{one}/sent/<int:event_id>", "sent_event", sent_one)
    app.add_url_rule(f"{one}/sent/<int:event_id>", "send_event_again", again, methods=["POST"])


def _allowed() -> frozenset[str]:
    return parts().settings.outgoing_places


@caller("session", reads="nothing")
def index() -> Response:
    """The endpoints there are, and how each does."""
    with transaction() as conn:
        known = stored.all_of(conn, shop().id)
        counts = {one.id: outgoing.counts(conn, shop().id, one.id) for one in known}
    return page("admin/settings/webhooks/endpoints.html", endpoints=known, counts=counts, most=endpoints.MOST)


@caller("session", reads="nothing")
def new() -> Response:
    """An empty form."""
    return _form(Form(forms.AT_FIRST, {}))


def _form(form: Form, status: int = 200, one: Endpoint | None = None, **more: Any) -> Response:
    return page(
        "admin/settings/webhooks/endpoint.html" if one else "admin/settings/webhooks/new_endpoint.html",
        status,
        form=form,
        endpoint=one,
        kinds=[(kind.value, bodies.NAMES[kind]) for kind in EventKind],
        fields=sorted(FIELDS),
        ticks=[f"kind.{kind.value}" for kind in EventKind],
        compares=[(one, t(f"webhooks.compare.{one}")) for one in COMPARES],
        conditions=MOST,
        most_at_once=endpoints.MOST_AT_ONCE,
        **more,
    )


@caller("session", role="manager")
def make() -> Response:
    """A new endpoint; its secret is shown on this answer and never again."""
    kinds = request.form.getlist("kind")
    try:
        with transaction() as conn:
            wish = forms.wish_of(request.form, kinds, _allowed())
            number, secret = endpoints.make(conn, shop().id, wish, staff().actor, now())
    except BadInput as error:
        typed = forms.typed(request.form, kinds)
        return _form(Form(typed, error.fields, error.message), error.status)
    return _one(number, secret=secret)


@caller("session", reads="nothing")
def show(endpoint_id: int) -> Response:
    """One endpoint: how it does, its form, and what can be done with it."""
    return _one(row_id(endpoint_id))


def _one(number: int, form: Form | None = None, status: int = 200, **more: Any) -> Response:
    with transaction() as conn:
        one = found(stored.get(conn, shop().id, number))
        counts = outgoing.counts(conn, shop().id, number)
    shown = form or Form(forms.values_of(one), {})
    return _form(shown, status, one, counts=counts, **more)


@caller("session", role="manager")
def change(endpoint_id: int) -> AnyResponse:
    """Save the form."""
    kinds = request.form.getlist("kind")
    try:
        with transaction() as conn:
            wish = forms.wish_of(request.form, kinds, _allowed())
            endpoints.change(conn, shop().id, row_id(endpoint_id), wish, staff().actor, now())
    except BadInput as error:
        typed = forms.typed(request.form, kinds)
        return _one(row_id(endpoint_id), Form(typed, error.fields, error.message), error.status)
    return go("endpoint", done="saved", endpoint_id=endpoint_id)


@caller("session", role="manager")
def switch(endpoint_id: int) -> AnyResponse:
    """On or off."""
    with transaction() as conn:
        on = request.form.get("on") == "yes"
        endpoints.switch(conn, shop().id, row_id(endpoint_id), on, staff().actor, now())
    return go("endpoint", done="saved", endpoint_id=endpoint_id)


@caller("session", role="manager")
def renew_secret(endpoint_id: int) -> Response:
    """A new secret, shown on this answer and never again."""
    with transaction() as conn:
        secret = endpoints.renew_secret(conn, shop().id, row_id(endpoint_id), staff().actor, now())
    return _one(row_id(endpoint_id), secret=secret)


@caller("session", role="manager")
def test(endpoint_id: int) -> Response:
    """Send a test now, and show what came back."""
    with transaction() as conn:
        one = found(stored.get(conn, shop().id, row_id(endpoint_id)))
        headers, body = try_endpoint.message(conn, shop(), one, now())
    answered: Answered = try_endpoint.send(one, headers, body, _allowed())
    return _one(one.id, answered=answered)


@caller("session", role="manager")
def replay(endpoint_id: int) -> AnyResponse:
    """Send what happened from a day on once more."""
    wrong: dict[str, str] = {}
    typed = request.form.get("since", "")
    day = day_of(typed, "since", wrong)
    try:
        if day is None:
            raise BadInput(next(iter(wrong.values())), wrong)
        since = datetime(day.year, day.month, day.day, tzinfo=shop().zone)
        with transaction() as conn:
            endpoints.replay(conn, shop().id, row_id(endpoint_id), since, now(), staff().actor, now())
    except BadInput as error:
        with transaction() as conn:
            values = forms.values_of(found(stored.get(conn, shop().id, row_id(endpoint_id))))
        form = Form({**values, "since": typed}, error.fields, error.message)
        return _one(row_id(endpoint_id), form, error.status)
    return go("endpoint", done="retried", endpoint_id=endpoint_id)


@caller("session", reads="nothing")
def confirm_remove(endpoint_id: int) -> Response:
    """Ask before an endpoint and its log go."""
    with transaction() as conn:
        one = found(stored.get(conn, shop().id, row_id(endpoint_id)))
    return page("admin/settings/webhooks/remove_endpoint.html", endpoint=one)


@caller("session", role="manager")
def remove(endpoint_id: int) -> AnyResponse:
    """It goes."""
    with transaction() as conn:
        endpoints.remove(conn, shop().id, row_id(endpoint_id), staff().actor, now())
    return go("endpoints", done="removed")


@caller("session", reads="nothing")
def sent(endpoint_id: int) -> Response:
    """What was sent to an endpoint and what waits, newest first."""
    state = request.args.get("state", "")
    kind = request.args.get("kind", "")
    state, kind = state if state in STATES else "", kind if kind in EventKind.__members__.values() else ""
    with transaction() as conn:
        one = found(stored.get(conn, shop().id, row_id(endpoint_id)))
        rows = outgoing.page(conn, shop().id, one.id, state, kind, number_from("before"), outgoing.PAGE + 1)
        counts = outgoing.counts(conn, shop().id, one.id)
    older = rows[outgoing.PAGE - 1].event_id if len(rows) > outgoing.PAGE else None
    return page(
        "admin/settings/webhooks/sent_events.html",
        endpoint=one,
        rows=rows[: outgoing.PAGE],
        names=bodies.NAMES,
        older=older,
        state=state,
        kind=kind,
        states=STATES,
        counts=counts,
    )


@caller("session", reads="member")
def sent_one(endpoint_id: int, event_id: int) -> Response:
    """One event: what is sent, and each try with its answer."""
    with transaction() as conn:
        one = found(stored.get(conn, shop().id, row_id(endpoint_id)))
        row = found(outgoing.get(conn, shop().id, one.id, row_id(event_id)))
        event = outgoing.events_of(conn, shop().id, [row]).get(row.event_id)
        who = members.get(conn, shop().id, row.member_id) if row.member_id else None
    said = None
    if event is not None:
        person = (
            Person(who.id, who.customer_id, who.email, f"{who.first_name} {who.last_name}".strip()) if who else None
        )
        key, name = bodies.event_id(shop().id, event.id), bodies.NAMES[event.kind]
        domain, at = shop().domain, event.happened_at
        said = bodies.body(key, name, at, domain, person, event.subject, data_of(event), personal=one.personal)
    return page(
        "admin/settings/webhooks/sent_event.html",
        endpoint=one,
        row=row,
        name=bodies.NAMES[row.kind],
        text=orjson.dumps(said, option=orjson.OPT_INDENT_2).decode() if said else "",
        tries=[{**each, "at": datetime.fromisoformat(str(each["at"]))} for each in reversed(row.log)],
    )


@caller("session", role="manager")
def again(endpoint_id: int, event_id: int) -> AnyResponse:
    """Send one once more."""
    with transaction() as conn:
        fresh = endpoints.send_again(conn, shop().id, row_id(endpoint_id), row_id(event_id), staff().actor, now())
    done = "retried" if fresh else "nothing"
    return go("sent_event", done=done, endpoint_id=endpoint_id, event_id=event_id)

"""The public API: report what members did, and ask what they have."""

from __future__ import annotations

from flask import Flask, Response, g, request
from pydantic import ValidationError
from sqlalchemy import Connection
from werkzeug.exceptions import UnsupportedMediaType

from plugin.actions.activities import record_activity
from plugin.errors import BadInput
from plugin.rules.names import actors, staff_log
from plugin.rules.programme import Programme
from plugin.rules.rewards.next_reward import next_reward
from plugin.store.members import members
from plugin.store.members.members import Member, email_key
from plugin.store.points import balances
from plugin.store.versions import programmes
from plugin.web.api import explained
from plugin.web.api.answers import answer, living_member, member_of_customer
from plugin.web.api.shapes import ActivityIn, ActivityOut, MemberOut, NextReward
from plugin.web.auth import caller
from plugin.web.current import may_call, now, reading, shop, transaction

LARGEST_BODY_BYTES = 16 * 1024


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/api/v1/activities", "api_record_activity", record, methods=["POST"])
    app.add_url_rule("/api/v1/members/<int:customer_id>", "api_member", member)
    explained.register(app)


@caller("key", scope="report")
def record() -> Response:
    """Give the points of one activity, once for each key: 201, or 200 when they were given before."""
    asked = _body()
    with transaction() as conn:
        one = _who(conn, asked)
        at = asked.happened_at or now()
        actor = str(actors.ApiKey(g.api_key_id))
        made = record_activity.record(conn, shop(), one.id, asked.activity, asked.key, at, actor, now())
        given = ActivityOut(
            id=made.record.id,
            activity=asked.activity,
            points=made.record.points,
            happened_at=made.record.happened_at,
            repeated=made.repeated,
            member=_shown(conn, one) if may_call("read") else None,
        )
    return answer(given, 200 if made.repeated else 201)


@caller("key", scope="read", reads="member")
def member(customer_id: int) -> Response:
    """What a customer has."""
    with transaction() as conn:
        one = member_of_customer(conn, customer_id)
        shown = _shown(conn, one)
        reading("member", about=str(staff_log.Member(one.id)))
    return answer(shown)


def _body() -> ActivityIn:
    """The body, checked; BadInput names what is wrong with which field."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    request.max_content_length = LARGEST_BODY_BYTES
    try:
        return ActivityIn.model_validate_json(request.get_data(), strict=True)
    except ValidationError as error:
        wrong = {".".join(map(str, each["loc"])) or "body": each["msg"] for each in error.errors(include_url=False)}
        raise BadInput("The body is not right: " + "; ".join(sorted(wrong)), wrong) from None


def _who(conn: Connection, asked: ActivityIn) -> Member:
    if asked.customer_id is not None:
        return member_of_customer(conn, asked.customer_id)
    key = email_key(asked.email or "")
    guests = members.guests_by_email(conn, shop().id, [key])
    return living_member(conn, members.by_proved_email(conn, shop().id, [key]).get(key) or guests.get(key))


def _shown(conn: Connection, one: Member) -> MemberOut:
    """Read anew: the points may just have come."""
    one = members.get(conn, shop().id, one.id) or one
    has = balances.of_one(conn, shop().id, one, now())
    programme = programmes.current(conn, shop().id, now()).programme
    return MemberOut(
        customer_id=one.customer_id,
        points_name=programme.points_name,
        balance=has.available,
        pending=has.pending,
        on_hold=has.on_hold,
        tier=explained.tier_of(conn, one, programme, explained.voice(conn, one, programme)),
        next_reward=_next(programme, has.available),
    )


def _next(programme: Programme, available: int) -> NextReward | None:
    found = next_reward(programme.to_reach, available)
    if found is None:
        return None
    return NextReward(name=found.name, points=found.cost_points, missing=found.missing_points)

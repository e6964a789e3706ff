"""What happens goes out: signed, in the order of each member, at least once, and no endpoint waits for another."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta

import pytest

from plugin.actions.automation import endpoints, send_webhooks
from plugin.errors import BadInput, NotFound
from plugin.rules.events import EventKind
from plugin.rules.outgoing.conditions import Condition
from plugin.rules.outgoing.retries import WAITS
from plugin.store.automation import endpoints as kept
from tests.actions.automation.conftest import STAFF, Told
from tests.actions.automation.receiver import OK, Came, answer


def test_an_order_is_told_signed_and_without_a_name(told: Told) -> None:
    number, secret = told.make()
    order = told.stage.buy()
    told.stage.settle()
    came = told.receiver.came
    assert sorted(told.receiver.types()) == ["member.joined", "points.earned", "points.earned"]
    assert all(one.is_signed_by(secret) for one in came)
    assert len({one.headers["webhook-id"] for one in came}) == 3
    said = next(one.json for one in came if one.json["subject"] == f"order:{order['id']}")
    assert said == {
        "id": said["id"],
        "type": "points.earned",
        "version": 1,
        "timestamp": said["timestamp"],
        "shop": told.stage.shop.domain,
        "subject": f"order:{order['id']}",
        "member": {"id": 1, "customer_id": order["customer_id"]},
        "data": {
            "entry": said["data"]["entry"],
            "points": 24,
            "balance": said["data"]["balance"],
            "why": "earned",
            "usable_at": said["data"]["usable_at"],
        },
    }
    assert {state for _, state, _ in told.states(number)} == {"sent"}
    assert b"ana@" not in b"".join(one.body for one in came)
    told.stage.settle(days=1)
    assert len(told.receiver.came) == len(came)


def test_names_go_along_only_where_the_endpoint_wants_them(told: Told) -> None:
    told.make(personal=True, kinds=(EventKind.MEMBER_JOINED,))
    order = told.stage.buy()
    told.stage.settle()
    (only,) = told.receiver.came
    who = {"id": 1, "customer_id": order["customer_id"], "email": "ana@example.com", "name": "Anastacia Reyes-Cruz"}
    assert only.json["member"] == who


def test_only_what_an_endpoint_wants_goes_to_it(told: Told) -> None:
    told.make(kinds=(EventKind.POINTS_EARNED,), conditions=(Condition("points", "at_least", "20"),))
    told.stage.buy()
    told.stage.settle()
    assert [one.json["data"]["points"] for one in told.receiver.came] == [24]


def test_what_happened_before_the_first_endpoint_is_not_told(told: Told) -> None:
    told.stage.buy()
    told.stage.settle()
    told.make()
    told.stage.buy("ben@example.com")
    told.stage.settle()
    assert {one.json["member"]["id"] for one in told.receiver.came} == {2}


def test_a_failure_keeps_a_members_events_in_order_and_nobody_elses(told: Told) -> None:
    number, _ = told.make()
    bad = {"ana"}

    def moody(came: Came, _line: socket.socket) -> bytes:
        return answer(500, body="no") if bad and came.json["member"]["id"] == 1 else OK

    told.receiver.respond = moody
    told.stage.buy()
    told.stage.settle()
    told.stage.buy("ben@example.com")
    told.stage.settle(minutes=1)
    assert [one.json["member"]["id"] for one in told.receiver.came].count(2) == 3
    assert {one.json["id"] for one in told.receiver.came if one.json["member"]["id"] == 1} == {
        told.receiver.came[0].json["id"]
    }
    bad.clear()
    before = len(told.receiver.came)
    told.stage.settle(hours=3)
    later = [one.json["id"] for one in told.receiver.came[before:]]
    assert later == sorted(later, key=lambda key: int(key.rpartition("_")[2])) and len(later) == 3
    assert {state for _, state, _ in told.states(number)} == {"sent"}


def test_each_try_is_in_the_log_and_the_tenth_is_the_last(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugin.rules.outgoing.retries.GIVEN_UP_AFTER", timedelta(days=9))
    number, _ = told.make(kinds=(EventKind.MEMBER_JOINED,))
    told.receiver.respond = lambda _came, _line: answer(503, "Retry-After: 20", body="later")
    told.stage.buy()
    told.stage.settle()
    for wait in WAITS:
        told.stage.settle(seconds=wait.total_seconds() * 1.1 + 400)
    assert told.states(number) == [("member_joined", "failed", 10)]
    ((log,),) = told.stage.rows("SELECT log FROM outgoing_webhooks")
    assert [(one["status"], one["text"], one["wrong"]) for one in log] == [(503, "later", "")] * 10
    told.receiver.respond = lambda _came, _line: OK
    event_id = int(told.receiver.came[0].json["id"].rpartition("_")[2])
    assert told.act(endpoints.send_again, number, event_id, STAFF, told.stage.clock())
    assert not told.act(endpoints.send_again, number, event_id, STAFF, told.stage.clock())
    told.stage.settle(minutes=6)
    assert told.states(number) == [("member_joined", "sent", 1)]


def test_an_endpoint_that_fails_for_three_days_is_switched_off_and_one_that_is_gone_at_once(told: Told) -> None:
    first, _ = told.make(kinds=(EventKind.MEMBER_JOINED,))
    told.receiver.respond = lambda _came, _line: answer(500)
    told.stage.buy()
    told.stage.settle()
    for _ in range(100):
        told.stage.settle(hours=1)
    assert told.act(kept.get, first).off_because == "gave_up"
    tried = len(told.receiver.came)
    told.stage.settle(days=1)
    assert len(told.receiver.came) == tried
    second, _ = told.make(kinds=(EventKind.MEMBER_JOINED,))
    told.receiver.respond = lambda _came, _line: answer(410)
    told.stage.buy("ben@example.com")
    told.stage.settle()
    assert told.act(kept.get, second).off_because == "gone"
    told.receiver.respond = lambda _came, _line: OK
    told.act(endpoints.switch, second, True, STAFF, told.stage.clock())
    told.stage.settle(hours=1)
    assert [one[1] for one in told.states(second)] == ["sent"]
    assert {one[1] for one in told.states(first)} == {"failed"}


def test_an_endpoint_that_hangs_keeps_nobody_else_waiting(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugin.clients.outgoing.post.ALL_SECONDS", 0.3)
    arrived, hangs = threading.Event(), threading.Event()

    def respond(came: Came, _line: socket.socket) -> bytes:
        if "slow" not in came.line:
            arrived.set()
            return OK
        assert arrived.wait(20), "the other endpoint was told only after the one that hangs"
        hangs.wait(20)
        return OK

    told.receiver.respond = respond
    slow, _ = told.make(url=told.receiver.url + "&slow")
    other, _ = told.make()
    told.stage.buy()
    told.stage.settle()
    hangs.set()
    assert {one[1] for one in told.states(other)} == {"sent"}
    assert {one[1] for one in told.states(slow)} == {"waiting"}


def test_a_redirect_is_not_followed(told: Told) -> None:
    number, _ = told.make(kinds=(EventKind.MEMBER_JOINED,))
    told.receiver.respond = lambda _came, _line: answer(302, f"Location: {told.receiver.url}&there")
    told.stage.buy()
    told.stage.settle()
    assert [one.line for one in told.receiver.came] == ["POST /hooks?from=suki HTTP/1.1"]
    assert told.states(number) == [("member_joined", "waiting", 1)]


def test_what_was_sent_when_we_died_is_sent_again_and_nothing_is_lost(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _ = told.make()
    deaths = iter([True, False])
    real = send_webhooks.outgoing.record

    def record(*args: object) -> None:
        if next(deaths, False):
            raise SystemExit
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(send_webhooks.outgoing, "record", record)
    told.stage.buy()
    with pytest.raises(SystemExit):
        told.stage.settle()
    told.stage.settle(seconds=1)
    ids = [one.json["id"] for one in told.receiver.came]
    assert len(ids) == 6 and len(set(ids)) == 3
    assert {one[1] for one in told.states(number)} == {"sent"}


def test_both_secrets_sign_for_a_day(told: Told) -> None:
    number, first = told.make(kinds=(EventKind.MEMBER_JOINED,))
    second = told.act(endpoints.renew_secret, number, STAFF, told.stage.clock())
    told.stage.buy()
    told.stage.settle()
    told.stage.settle(days=2)
    told.stage.buy("ben@example.com")
    told.stage.settle()
    one, two = told.receiver.came
    assert (one.is_signed_by(first), one.is_signed_by(second)) == (True, True)
    assert (two.is_signed_by(first), two.is_signed_by(second)) == (False, True)


def test_a_time_is_sent_again_with_the_same_ids(told: Told) -> None:
    number, _ = told.make()
    began = told.stage.clock() - timedelta(minutes=30)
    told.stage.buy()
    told.stage.settle()
    first = sorted(one.json["id"] for one in told.receiver.came)
    told.act(endpoints.replay, number, began, told.stage.clock(), STAFF, told.stage.clock())
    told.stage.settle(seconds=1)
    assert sorted(one.json["id"] for one in told.receiver.came) == sorted(first * 2)
    with pytest.raises(BadInput):
        told.act(endpoints.replay, number, told.stage.clock(), began, STAFF, told.stage.clock())


def test_after_it_is_switched_off_or_removed_nothing_goes_there(told: Told) -> None:
    off, _ = told.make()
    gone, _ = told.make()
    told.act(endpoints.switch, off, False, STAFF, told.stage.clock())
    told.act(endpoints.remove, gone, STAFF, told.stage.clock())
    told.stage.buy()
    told.stage.settle()
    assert told.receiver.came == []
    assert told.stage.rows("SELECT 1 FROM event_readers WHERE name = 'webhooks'") == []
    with pytest.raises(NotFound):
        told.act(endpoints.switch, gone, True, STAFF, told.stage.clock())


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": "  "}, "name"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "http://example.com/"}, "url"),
        ({"url": "https://user:secret@example.com/"}, "url"),
        ({"at_once": 129}, "at_once"),
        ({"conditions": (Condition("points", "at_least", "many"),)}, "condition_0"),
        ({"conditions": (Condition("why", "at_least", "order"),)}, "condition_0"),
        ({"conditions": (Condition("nothing", "is", "1"),)}, "condition_0"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(told: Told, wish: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as raised:
        told.make(**wish)
    assert set(raised.value.fields) == {field}
    assert told.act(kept.all_of) == []


def test_an_event_that_was_queued_while_one_before_it_failed_waits_for_it(told: Told) -> None:
    """Two transactions that do not see each other: the failure is written down, and the event behind it is queued."""
    number, _ = told.make()
    told.receiver.respond = lambda _came, _line: answer(500)
    told.stage.buy()
    told.stage.settle()
    told.stage.rows("UPDATE outgoing_webhooks SET next_at = now() - interval '1 hour' WHERE tries = 0 RETURNING 1")
    told.stage.rows("UPDATE endpoints SET not_before = NULL, failures = 0 RETURNING 1")
    told.receiver.respond = lambda _came, _line: OK
    told.stage.settle(seconds=1)
    assert {one.json["id"] for one in told.receiver.came} == {told.receiver.came[0].json["id"]}
    told.stage.settle(minutes=1)
    arrived = list(dict.fromkeys(one.json["id"] for one in told.receiver.came))
    assert arrived == sorted(arrived, key=lambda key: int(key.rpartition("_")[2])) and len(arrived) == 3
    assert {state for _, state, _ in told.states(number)} == {"sent"}

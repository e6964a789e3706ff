"""Send events to endpoints: signed, in the order of each member, at least once, and no endpoint waits for another.

Nothing is written before a try, so that a crash repeats what was on its way; receivers know an event by its
`webhook-id`. Outcomes are written down in one statement for many.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import orjson
from standardwebhooks import Webhook

from plugin.actions.automation.endpoints import stop_reading
from plugin.actions.automation.tell_endpoints import data_of
from plugin.actions.work.job_outcomes import TurnOver
from plugin.actions.work.work import Work
from plugin.clients.outgoing.lines import Lines, kept_lines
from plugin.clients.outgoing.post import Answered, Line
from plugin.errors import UnderWay
from plugin.observe import get_logger
from plugin.rules.events import Recorded
from plugin.rules.outgoing import bodies, retries
from plugin.rules.outgoing.bodies import Person
from plugin.store.automation import endpoints, outgoing
from plugin.store.automation.endpoints import Endpoint
from plugin.store.automation.outgoing import Outcome, Outgoing
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job

log = get_logger()
ENDPOINTS_AT_ONCE: Final = 20
A_BATCH: Final = 5000
"""Events of one endpoint that are claimed together."""
RECORD_SECONDS: Final = 1.0
"""How long outcomes are gathered before they are written down."""
IN_VAIN: Final = 5
"""Failures in a row, without one that was taken, after which the rest of a batch is spared."""
GONE: Final = 410
AGENT: Final = "Suki-Webhooks/1"


def carry_out_all(work: Work, shop: Shop, batch: Sequence[Job], over: Callable[[], bool]) -> dict[int, Exception]:
    """Send what is due to each job's endpoint, side by side, until the turn is over; UnderWay: more is due later."""
    failures: dict[int, Exception] = {}

    def attempt(job: Job) -> None:
        try:
            send_due(work, shop, job.number, over)
        except Exception as error:
            failures[job.id] = error

    with ThreadPoolExecutor(max(1, len(batch))) as pool:
        list(pool.map(attempt, batch))
    return failures


def send_due(work: Work, shop: Shop, number: int, over: Callable[[], bool]) -> None:
    """Send what is due to one endpoint. UnderWay: it is to be left alone for a while, or more is due later."""
    with kept_lines(work.clients.settings.outgoing_places) as lines:
        while not over():
            sending = _claimed(work, shop, number)
            if sending is None:
                return
            sending.carry_out(work, shop, lines, over)
    raise TurnOver("others wait for their turn")


def _claimed(work: Work, shop: Shop, number: int) -> _Sending | None:
    """The next events of an endpoint; None where there are none, or nobody to get them. UnderWay: they wait."""
    with shop_transaction(work.engine, shop.id) as conn:
        now = work.clock()
        one = endpoints.get(conn, shop.id, number)
        if one is None or one.state != "on":
            return None
        if one.not_before is not None and one.not_before > now:
            raise UnderWay("The endpoint failed and is left alone.", (one.not_before - now).total_seconds())
        found = outgoing.due(conn, shop.id, number, now, IN_VAIN if one.failures else A_BATCH)
        if not found:
            later = outgoing.next_due(conn, shop.id, number)
            if later is None:
                return None
            raise UnderWay("Another try is due later.", max(0.01, (later - now).total_seconds()))
        events = outgoing.events_of(conn, shop.id, found)
        concerned = {event.member_id for event in events.values() if event.member_id is not None}
        people = {
            key: Person(key, who.customer_id, who.email, f"{who.first_name} {who.last_name}".strip())
            for key, who in members.by_ids(conn, shop.id, concerned).items()
        }
        return _Sending(one, found, events, people, endpoints.secrets_of(conn, shop.id, number, now))


@dataclass(slots=True)
class _Sending:
    """A batch on its way to one endpoint."""

    endpoint: Endpoint
    batch: Sequence[Outgoing]
    events: Mapping[int, Recorded]
    people: Mapping[int, Person]
    secrets: Sequence[bytes]
    outcomes: list[Outcome] = field(default_factory=list)
    failures: int = 0
    taken: int = 0
    gone: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def carry_out(self, work: Work, shop: Shop, lines: Lines, over: Callable[[], bool]) -> None:
        """Send each member's events one after the other, several members at a time; then write down how it went."""
        self.failures = self.endpoint.failures
        recorder = _Recorder(work, shop, self)

        def one_after_the_other(some: Sequence[Outgoing]) -> None:
            with lines.line(self.endpoint.url) as line:
                for one in some:
                    if over() or self._in_vain() or not self._sent(work, shop, line, one):
                        return
                    recorder.now_and_then()

        chains: dict[object, list[Outgoing]] = {}
        for one in self.batch:
            chains.setdefault(one.member_id or ("event", one.event_id), []).append(one)
        with ThreadPoolExecutor(self.endpoint.at_once) as pool:
            list(pool.map(one_after_the_other, chains.values()))
        recorder.finish()

    def _in_vain(self) -> bool:
        return self.gone or (self.failures - self.endpoint.failures >= IN_VAIN and self.taken == 0)

    def _sent(self, work: Work, shop: Shop, line: Line, one: Outgoing) -> bool:
        """Try one; says whether what is behind it may follow."""
        event = self.events.get(one.event_id)
        if event is None:  # longer ago than events are kept
            self._add(
                Outcome(
                    one.event_id,
                    one.member_id,
                    "failed",
                    one.tries,
                    one.next_at,
                    _tried(work.clock(), _EXPIRED),
                    0.0,
                    work.clock(),
                )
            )
            return True
        answered = line.post(*self._message(work, shop, event))
        now = work.clock()
        again = (
            None if answered.taken else retries.next_try(one.tries + 1, now, answered.retry_after_seconds, one.event_id)
        )
        state = "sent" if answered.taken else "failed" if again is None else "waiting"
        ended = None if state == "waiting" else now
        self._add(
            Outcome(
                one.event_id,
                one.member_id,
                state,
                one.tries + 1,
                again or now,
                _tried(now, answered),
                answered.seconds,
                ended,
            )
        )
        with self.lock:
            self.gone |= answered.status == GONE
            self.taken += answered.taken
            self.failures = 0 if answered.taken else self.failures + 1
        return state != "waiting"

    def _add(self, outcome: Outcome) -> None:
        with self.lock:
            self.outcomes.append(outcome)

    def _message(self, work: Work, shop: Shop, event: Recorded) -> tuple[dict[str, str], bytes]:
        person = None if event.member_id is None else self.people.get(event.member_id, Person(event.member_id))
        key = bodies.event_id(shop.id, event.id)
        said = bodies.body(
            key,
            bodies.NAMES[event.kind],
            event.happened_at,
            shop.domain,
            person,
            event.subject,
            data_of(event),
            personal=self.endpoint.personal,
        )
        return signed(key, said, self.secrets, work.clock())


def signed(
    key: str, said: Mapping[str, object], secrets: Sequence[bytes], now: datetime
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a message, signed with each secret (Standard Webhooks, symmetric `v1`)."""
    body = orjson.dumps(said)
    moment = now.replace(microsecond=0)
    signatures = [Webhook(secret).sign(key, moment, body.decode()) for secret in secrets]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return headers, body


class _Recorder:
    """Writes outcomes down now and then, and how the endpoint does at the end."""

    def __init__(self, work: Work, shop: Shop, sending: _Sending) -> None:
        self._work, self._shop, self._sending = work, shop, sending
        self._last = time.monotonic()

    def now_and_then(self) -> None:
        """If the last time is a while ago."""
        with self._sending.lock:
            if time.monotonic() - self._last < RECORD_SECONDS:
                return
            self._last = time.monotonic()
            outcomes, self._sending.outcomes = self._sending.outcomes, []
        self._write(outcomes)

    def finish(self) -> None:
        """Whatever is left, and the endpoint's health."""
        sending, now = self._sending, self._work.clock()
        one, shop_id = sending.endpoint, self._shop.id
        with shop_transaction(self._work.engine, shop_id) as conn:
            outgoing.record(conn, shop_id, one.id, sending.outcomes)
            if not sending.failures:
                if one.failures or one.failing_since:
                    endpoints.note_health(conn, shop_id, one.id, 0, None, None)
                return
            since = now if sending.taken or one.failing_since is None else one.failing_since
            if sending.gone or now - since >= retries.GIVEN_UP_AFTER:
                endpoints.switch(conn, shop_id, one.id, on=False, because="gone" if sending.gone else "gave_up")
                stop_reading(conn, shop_id)
                log.warning("endpoint_off", shop=self._shop.domain, endpoint=one.id, gone=sending.gone)
                return
            until = now + retries.breather(sending.failures)
            endpoints.note_health(conn, shop_id, one.id, sending.failures, since, until)

    def _write(self, outcomes: Sequence[Outcome]) -> None:
        with shop_transaction(self._work.engine, self._shop.id) as conn:
            outgoing.record(conn, self._shop.id, self._sending.endpoint.id, outcomes)


_EXPIRED: Final = Answered(None, "expired", "", 0.0, 0.0)


def _tried(now: datetime, answered: Answered) -> dict[str, object]:
    return {
        "at": now.isoformat(),
        "status": answered.status,
        "wrong": answered.wrong,
        "text": answered.text,
        "seconds": round(answered.seconds, 3),
    }

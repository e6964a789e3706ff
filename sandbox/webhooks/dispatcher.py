"""Sending webhooks: signed, logged, repeated on failure, and troubled on demand."""

from __future__ import annotations

import heapq
import itertools
import json
import threading
import time
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.options import Options
from sandbox.signing import webhook_hmac
from sandbox.state import Record, Rows, Shop, iso, now
from sandbox.trouble import Trouble
from sandbox.webhooks.sending import Sender
from sandbox.webhooks.subscriptions import Subscription, load, own, trimmed


@dataclass
class Delivery:
    """One webhook on its way."""

    webhook_id: str
    shop: str
    topic: str
    url: str
    body: bytes
    headers: dict[str, str]
    attempts: int = 0
    repeats: bool = True
    logged: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


def prepare(options: Options, shop: str, subscription: Subscription, record: Record, at: datetime, event_id: str,
            webhook_id: str = "") -> Delivery:  # fmt: skip
    """A signed delivery of a body."""
    if subscription.include_fields:
        record = trimmed(record, subscription.include_fields)
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    webhook_id = webhook_id or str(uuid.uuid4())
    headers = {
        "Content-Type": "application/json", "User-Agent": "Shopify-Captain-Hook", "Accept": "*/*",
        "X-Shopify-Topic": subscription.topic, "X-Shopify-Shop-Domain": shop,
        "X-Shopify-API-Version": options.api_version, "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Event-Id": event_id, "X-Shopify-Triggered-At": _triggered(at),
        "X-Shopify-Hmac-Sha256": webhook_hmac(options.api_secret, body),
    }  # fmt: skip
    if subscription.name:
        headers["X-Shopify-Name"] = subscription.name
    return Delivery(webhook_id, shop, subscription.topic, subscription.url, body, headers)


def _triggered(at: datetime) -> str:
    return f"{iso(at)[:-1]}.{at.microsecond:06d}000Z"


class Dispatcher:
    """The queue of deliveries and the threads that send them."""

    def __init__(self, options: Options, rows: Rows, trouble: Trouble) -> None:
        self.options, self.rows, self.trouble = options, rows, trouble
        self.subscriptions = load(options)
        self.heap: list[tuple[float, int, Delivery]] = []
        self.count = itertools.count()
        self.ready = threading.Condition()
        self.stopped = False
        self.busy = self.attempts = 0
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(options.senders)]

    def start(self) -> None:
        """Begin sending, with what an earlier run left over."""
        self._resume()
        for thread in self.threads:
            thread.start()

    def publish(
        self, shop: Shop, topic: str, body: Record, at: datetime, event_id: str = "", after_seconds: float = 0.0
    ) -> None:
        """Send a body to everybody subscribed, if the app is installed: now, or when so many seconds are over."""
        if not shop.settings["installed"] and topic not in ("app/uninstalled", "shop/redact"):
            return
        for subscription in [*self.subscriptions.of(topic), *own(self.options, shop, topic)]:
            delivery = prepare(self.options, shop.domain, subscription, body, at, event_id or str(uuid.uuid4()))
            self._log_new(delivery, iso(at))
            if self.trouble.strikes("webhook_loss"):
                self._log(delivery, "lost", "never sent, on purpose")
                continue
            self._queue(delivery, after_seconds + self.trouble.wait_seconds())
            self._trouble_more(delivery)

    def _trouble_more(self, delivery: Delivery) -> None:
        if self.trouble.strikes("webhook_duplicate"):
            self._queue(self._copy(delivery, delivery.webhook_id), self.trouble.wait_seconds())
        if self.trouble.strikes("webhook_malformed"):
            copy = self._copy(delivery, str(uuid.uuid4()))
            copy.body = copy.body[: len(copy.body) // 2]
            copy.headers["X-Shopify-Hmac-Sha256"] = webhook_hmac(self.options.api_secret, copy.body)
            self._queue(copy, self.trouble.wait_seconds())
        if self.trouble.strikes("webhook_wrong_hmac"):
            copy = self._copy(delivery, str(uuid.uuid4()))
            copy.headers["X-Shopify-Hmac-Sha256"] = webhook_hmac("somebody else", copy.body)
            self._queue(copy, self.trouble.wait_seconds())

    def _copy(self, delivery: Delivery, webhook_id: str) -> Delivery:
        headers = {**delivery.headers, "X-Shopify-Webhook-Id": webhook_id}
        copy = Delivery(webhook_id, delivery.shop, delivery.topic, delivery.url, delivery.body, headers)
        copy.logged = copy.repeats = False
        return copy

    def _queue(self, delivery: Delivery, wait_seconds: float) -> None:
        with self.ready:
            heapq.heappush(self.heap, (time.monotonic() + wait_seconds, next(self.count), delivery))
            self.ready.notify()

    def _next(self) -> Delivery | None:
        with self.ready:
            while not self.stopped:
                if self.heap:
                    wait = self.heap[0][0] - time.monotonic()
                    if wait <= 0:
                        self.busy += 1
                        return heapq.heappop(self.heap)[2]
                    self.ready.wait(wait)
                else:
                    self.ready.wait()
            return None

    def _run(self) -> None:
        sender = Sender(self.options.connect_timeout_seconds, self.options.answer_timeout_seconds)
        while (delivery := self._next()) is not None:
            outcome = sender.post(delivery.url, delivery.body, delivery.headers)
            delivery.attempts += 1
            self._record(delivery, outcome.accepted, f"{outcome.status} {outcome.text}".strip())
            with self.ready:
                self.busy -= 1
                self.attempts += 1
                self.ready.notify_all()
        sender.close()

    def _record(self, delivery: Delivery, accepted: bool, answer: str) -> None:
        waits = self.options.retry_seconds
        if accepted:
            self._log(delivery, "accepted", answer)
        elif delivery.repeats and delivery.attempts <= len(waits):
            self._log(delivery, "repeating", answer)
            self._queue(delivery, waits[delivery.attempts - 1] / self.options.time_factor)
        else:
            self._log(delivery, "given up", answer)

    def _log_new(self, delivery: Delivery, at: str) -> None:
        kept = zlib.compress(json.dumps([delivery.url, delivery.headers, delivery.body.decode()]).encode(), 1)
        self.rows.write(
            "INSERT OR REPLACE INTO deliveries VALUES (?,?,?,'queued',0,'',?,?,?)",
            (delivery.webhook_id, delivery.shop, delivery.topic, at, iso(now()), kept),
        )

    def _log(self, delivery: Delivery, state: str, answer: str) -> None:
        if delivery.logged:
            self.rows.write(
                "UPDATE deliveries SET state=?, attempts=?, answer=?, updated_at=? WHERE webhook_id=?",
                (state, delivery.attempts, answer, iso(now()), delivery.webhook_id),
            )

    def stored(self, webhook_id: str) -> Delivery | None:
        """A delivery as it was logged, to look at or to send again."""
        found = self.rows.read("SELECT shop, topic, attempts, body FROM deliveries WHERE webhook_id=?", (webhook_id,))
        if not found:
            return None
        shop, topic, attempts, kept = found[0]
        url, headers, body = json.loads(zlib.decompress(kept))
        return Delivery(webhook_id, shop, topic, url, body.encode(), headers, attempts)

    def send_again(self, webhook_id: str) -> bool:
        """Send a logged delivery once more, with the same id."""
        delivery = self.stored(webhook_id)
        if not delivery:
            return False
        delivery.attempts = 0
        self._queue(delivery, 0)
        return True

    def _resume(self) -> None:
        rows = self.rows.read("SELECT webhook_id FROM deliveries WHERE state IN ('queued','repeating') ORDER BY rowid")
        for (webhook_id,) in rows:
            delivery = self.stored(webhook_id)
            if delivery:
                self._queue(delivery, 1.0)

    def pending(self) -> int:
        """Deliveries not finished yet."""
        with self.ready:
            return len(self.heap) + self.busy

    def wait_idle(self, seconds: float = 30.0) -> bool:
        """Wait until nothing is left to send; False when it takes too long."""
        with self.ready:
            return self.ready.wait_for(lambda: not self.heap and not self.busy, seconds)

    def wait_sent(self, number: int, seconds: float = 30.0) -> bool:
        """Wait until this many attempts were made."""
        with self.ready:
            return self.ready.wait_for(lambda: self.attempts >= number, seconds)

    def stop(self) -> None:
        """Finish what is being sent and stop; the rest is resumed by the next run."""
        with self.ready:
            self.stopped = True
            self.ready.notify_all()
        for thread in self.threads:
            thread.join(self.options.answer_timeout_seconds + 1)

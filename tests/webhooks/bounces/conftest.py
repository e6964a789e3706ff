"""A sent message of a shop, and what a mail provider tells of it, shaped and signed as the provider documents."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr
from sqlalchemy import Engine, text
from werkzeug.test import Client, TestResponse

from plugin.actions.sending.email_links import email_links
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.figures import add_members, people
from webhooks.bounces.receive import Bounces

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ADDRESS = "p0001@example.com"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:bounces"
LOGIN = "suki:a-long-password"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem"
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(begins: datetime = NOW - timedelta(days=1), ends: datetime = NOW + timedelta(days=30)) -> bytes:
    """One of the key that signs here, as Amazon publishes its own."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    built = x509.CertificateBuilder(name, name, RSA_KEY.public_key(), 7, begins, ends).sign(RSA_KEY, SHA256())
    return built.public_bytes(Encoding.PEM)


@dataclass
class Amazon:
    """What stands at Amazon's addresses, and which of them were asked for."""

    certificate: bytes = field(default_factory=certificate)
    asked: list[str] = field(default_factory=list)

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        return self.certificate

    def __hash__(self) -> int:
        return id(self)


@dataclass
class Post:
    """The address of a provider, and the message that it tells of."""

    engine: Engine
    settings: Settings
    shop: ShopRow
    ref: str
    message: int
    amazon: Amazon
    now: datetime = NOW

    def client(self, provider: str, key: str) -> Client:
        """What the provider reaches."""
        changed = {"mail_provider": provider, "mail_provider_key": SecretStr(key)}
        settings = self.settings.model_copy(update=changed)
        return Client(Bounces(settings, self.engine, lambda: self.now, self.amazon))

    def ses(self, said: Any, *, version: str = "2", key: str = TOPIC, **changes: Any) -> TestResponse:
        """A notification by SNS; `changes` are made after it was signed, or None before it for a missing field."""
        return self.client("ses", key).post("/webhooks/email/ses", data=self.sns(said, version, **changes))

    def sns(self, said: Any, version: str = "2", **changes: Any) -> bytes:
        """Its body."""
        notice = {
            "Type": "Notification",
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": TOPIC,
            "Message": orjson.dumps(said).decode(),
            "Timestamp": (self.now - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE,
            "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
        } | changes.pop("before", {})
        names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        if notice["Type"] != "Notification":
            names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        signed = "".join(f"{name}\n{notice[name]}\n" for name in names if name in notice)
        digest = SHA1() if version == "1" else SHA256()
        notice["Signature"] = base64.b64encode(RSA_KEY.sign(signed.encode(), PKCS1v15(), digest)).decode()
        return orjson.dumps(notice | changes)

    def postmark(self, said: Any, login: str = LOGIN) -> TestResponse:
        """A webhook with the login of its address."""
        headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
        return self.client("postmark", LOGIN).post("/webhooks/email/postmark", data=orjson.dumps(said), headers=headers)

    def mailgun(
        self, event: Any, *, token: str = "t" * 50, key: str = "mg", at: datetime | None = None
    ) -> TestResponse:
        """A webhook signed over time and token."""
        seconds = str(int((at or self.now).timestamp()))
        mark = hmac.digest(key.encode(), f"{seconds}{token}".encode(), "sha256").hex()
        said = {"signature": {"timestamp": seconds, "token": token, "signature": mark}, "event-data": event}
        return self.client("mailgun", "mg").post("/webhooks/email/mailgun", data=orjson.dumps(said))

    def sendgrid(self, events: Any, at: datetime | None = None, **changes: Any) -> TestResponse:
        """A webhook signed over time and body."""
        body, seconds = orjson.dumps(events), str(int((at or self.now).timestamp()))
        signature = base64.b64encode(EC_KEY.sign(seconds.encode() + body, ec.ECDSA(SHA256()))).decode()
        headers = {
            "X-Twilio-Email-Event-Webhook-Signature": changes.get("signature", signature),
            "X-Twilio-Email-Event-Webhook-Timestamp": changes.get("seconds", seconds),
        }
        public = EC_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        client = self.client("sendgrid", base64.b64encode(public).decode())
        return client.post("/webhooks/email/sendgrid", data=changes.get("body", body), headers=headers)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the shop's rows say."""
        with shop_transaction(self.engine, self.shop.id) as conn:
            return [tuple(row) for row in conn.execute(text(sql))]

    def state(self) -> tuple[Any, ...]:
        """(suppressed address, why, by whom, status), soft bounces, and the message's state."""
        found = self.rows("SELECT address, why, source, detail, soft_bounces FROM suppressions")
        return (*(found or [()]), self.rows("SELECT state FROM messages")[0][0])

    @property
    def untouched(self) -> bool:
        """Whether nothing was written down."""
        tables = ("suppressions", "returned_mails", "email_optouts", "provider_calls", "jobs")
        empty = all(self.rows(f"SELECT count(*) FROM {name}") == [(0,)] for name in tables)
        return empty and self.state() == ((), "sent")


@pytest.fixture
def post(engine: Engine, settings: Settings, shop: ShopRow) -> Post:
    """Ana got a welcome email."""
    (ana,) = add_members(engine, shop.id, people(1))
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(text("DELETE FROM jobs"))
        sql = "INSERT INTO messages (shop_id, member_id, kind, subject, state) VALUES (:s, :m, 'welcome', 'w', 'sent')"
        message = conn.execute(text(f"{sql} RETURNING id"), {"s": shop.id, "m": ana.id}).scalar_one()
        ref = email_links(conn, settings).ref(shop.id, message)
    return Post(engine, settings, shop, ref, message, Amazon())

"""Amazon SES by SNS: notifications signed with a certificate of Amazon's, of the topics that the operator named.

Anybody with an account can have Amazon sign a notification, so only these topics count. Sources: "Verifying the
signatures of Amazon SNS messages", "Amazon SNS notification contents for Amazon SES".
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

from plugin.errors import BadPayload, Forbidden, Unauthorized
from plugin.rules.payloads import json_text
from plugin.rules.sending.bounce_reports import HEADER
from plugin.rules.sending.returned import Returned, What, judged, status_of
from webhooks.bounces.calls import Call, Fetch, Told, insist_on_time, record, text

TAG: Final = "suki"
_HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com(?:\.cn)?")
_NOTICE = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_HASHES: Final = {"1": SHA1, "2": SHA256}
_BAD = "This is not signed by Amazon SNS"


def told(call: Call) -> Told:
    """What it tells; a new subscription is confirmed. Unauthorized: the signature is not Amazon's. Forbidden: it is of
    another topic, or old."""
    said = record(call.json)
    if text(said.get("TopicArn")) not in call.key.split(","):
        raise Forbidden("This is of a topic that MAIL_PROVIDER_KEY does not name")
    _verify(said, call)
    insist_on_time(_moment(text(said.get("Timestamp"))), call.now)
    key = text(said.get("MessageId"))
    if said["Type"] == "SubscriptionConfirmation":
        call.fetch(_amazons(text(said.get("SubscribeURL"))))
        return Told(key)
    if said["Type"] != "Notification":
        return Told(key)
    return Told(key, tuple(_returned(record(json_text.read_any(text(said.get("Message")).encode())), key)))


def _verify(said: Mapping[str, Any], call: Call) -> None:
    names = {"Notification": _NOTICE}.get(text(said.get("Type")), _CONFIRMATION)
    signed = "".join(f"{name}\n{said[name]}\n" for name in names if said.get(name) is not None)
    digest = _HASHES.get(text(said.get("SignatureVersion")))
    if digest is None:
        raise Unauthorized(_BAD)
    hour = call.now.replace(minute=0, second=0, microsecond=0)
    key = _key(call.fetch, _amazons(text(said.get("SigningCertURL")), ".pem"), hour)
    try:
        signature = binascii.a2b_base64(text(said.get("Signature")).encode(), strict_mode=True)
        key.verify(signature, signed.encode(), PKCS1v15(), digest())
    except (InvalidSignature, binascii.Error, UnicodeEncodeError):
        raise Unauthorized(_BAD) from None


def _amazons(url: str, ending: str = "") -> str:
    """The address, if it is one of Amazon's own for SNS; Unauthorized for any other."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port is None and parts.username is None
    except ValueError:
        raise Unauthorized(_BAD) from None
    if not plain or not _HOST.fullmatch(parts.netloc) or not parts.path.endswith(ending):
        raise Unauthorized(_BAD)
    return url


@lru_cache(maxsize=16)
def _key(fetch: Fetch, url: str, hour: datetime) -> RSAPublicKey:
    """The key of a certificate that is valid now; kept for an hour."""
    try:
        certificate = load_pem_x509_certificate(fetch(url))
    except ValueError:
        raise Unauthorized(_BAD) from None
    key = certificate.public_key()
    if not certificate.not_valid_before_utc <= hour <= certificate.not_valid_after_utc:
        raise Unauthorized("The certificate of Amazon SNS is not valid now")
    if not isinstance(key, RSAPublicKey):
        raise Unauthorized(_BAD)
    return key


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Forbidden("This has no time that can be read") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _returned(said: Mapping[str, Any], key: str) -> Iterator[Returned]:
    kind = text(said.get("notificationType") or said.get("eventType"))
    ref = _ref(record(said.get("mail") or {}))
    if kind == "Bounce":
        bounce = record(said.get("bounce"))
        for place, each in enumerate(_people(bounce, "bouncedRecipients")):
            status = text(each.get("status"))
            hard = bounce.get("bounceType") == "Permanent"
            what: What = "hard" if hard and judged(status or "5.1.1") == "hard" else "soft"
            name = f"{text(bounce.get('feedbackId')) or key}:{place}"
            yield Returned(ref, name, what, text(each.get("emailAddress")), status_of(status))
    elif kind == "Complaint":
        complaint = record(said.get("complaint"))
        if complaint.get("complaintFeedbackType") == "not-spam":
            return
        for place, each in enumerate(_people(complaint, "complainedRecipients")):
            name = f"{text(complaint.get('feedbackId')) or key}:{place}"
            yield Returned(ref, name, "complaint", text(each.get("emailAddress")))


def _people(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    people = said.get(name)
    if not isinstance(people, list):
        raise BadPayload("This is not what the provider documents")
    return [record(one) for one in people]


def _ref(mail: Mapping[str, Any]) -> str:
    """From the tag that we gave it, or the header, where notifications hold headers."""
    tags = mail.get("tags")
    for value in tags.get(TAG, []) if isinstance(tags, dict) else []:
        return text(value).replace("_", ".")
    headers = mail.get("headers")
    for each in headers if isinstance(headers, list) else []:
        if isinstance(each, dict) and text(each.get("name")).lower() == HEADER.lower():
            return text(each.get("value"))
    return ""

"""What settings about email may hold."""

from __future__ import annotations

import re
from base64 import b64decode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

_DOMAIN = re.compile(r"(?=.{1,200}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_ARN = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+")


def domain(value: str) -> str:
    """The name of a domain, as it is written in DNS. ValueError: it is none."""
    if not _DOMAIN.fullmatch(value):
        raise ValueError("must be the name of a domain in small letters, such as bounces.example.com")
    return value


def provider_key_wanted(provider: str, key: str) -> str:
    """What the key of a mail provider's webhooks has to be; empty where it is."""
    if provider == "ses":
        return (
            ""
            if all(map(_ARN.fullmatch, key.split(",")))
            else "the ARN of the SNS topic, or several with commas between them"
        )
    if provider == "postmark":
        return "" if re.fullmatch(r"[^:\s]+:\S{12,}", key) else "name:password, the password of 12 letters or more"
    if provider == "sendgrid":
        try:
            load_der_public_key(b64decode(key, validate=True))
        except (ValueError, UnsupportedAlgorithm):
            return "the verification key of the event webhook, as SendGrid shows it"
    return ""

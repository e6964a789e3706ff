"""What settings about email may hold."""

from __future__ import annotations

import re
from base64 import b64decode
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

_DOMAIN = re.compile(r"(?=.{1,200}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_KEY = re.compile(r"v=DKIM1;[\x20-\x7e]*\bp=[A-Za-z0-9+/= ]{20,}[\x20-\x7e]*")
_SERVER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?")
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


def selector(value: str) -> str:
    """The name of a DKIM key. ValueError: it can't be one."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]{0,60}[a-z0-9])?", value):
        raise ValueError("must be the selector that your email server signs with, such as suki2026")
    return value


def dkim_record(value: str) -> str:
    """What a shop enters for it: the text with the public key, or a name that has it. ValueError: neither."""
    if not _DOMAIN.fullmatch(value) and not _KEY.fullmatch(value):
        raise ValueError("must be the text of the key (v=DKIM1; …; p=…), or the name of a domain that has it")
    return value


def spf_term(value: str) -> str:
    """What lets your email server send. ValueError: it is no mechanism of SPF."""
    if not re.fullmatch(r"(?:include|a|mx|exists):[a-z0-9._-]+|ip4:[0-9./]+|ip6:[0-9a-f:./]+", value):
        raise ValueError("must be a mechanism of SPF, such as include:_spf.example.com or ip4:192.0.2.1")
    return value


def dns_servers(value: str) -> str:
    """Addresses of DNS servers, with commas between them. ValueError: one is none."""
    if not all(map(_SERVER.fullmatch, value.split(","))):
        raise ValueError("must be IP addresses with commas between them, such as 192.0.2.53 or 127.0.0.1:5353")
    return value


def _is_place(text: str) -> bool:
    try:
        parts = urlsplit(f"//{text}")
        return parts.netloc == text == text.lower() and bool(parts.hostname and parts.port) and "@" not in text
    except ValueError:
        return False


def places(value: str) -> str:
    """Hosts with their ports and commas between them. ValueError: one is none."""
    if not all(map(_is_place, value.split(","))):
        raise ValueError("must be hosts with their ports, such as 10.0.0.7:8080 or hooks.internal:443")
    return value

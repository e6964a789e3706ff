"""What an operator sets so that emails come back, and shops send from their own domains."""

from __future__ import annotations

import pytest

from plugin.settings import load_settings
from tests.test_settings import environment as environment
from tests.test_settings import problems

EC_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe6"
    "2gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
SIGNS = {"DKIM_SELECTOR": "suki", "DKIM_RECORD": "dkim.example.com", "SPF_TERM": "include:_spf.example.com"}


@pytest.mark.parametrize(
    "given",
    [
        {"BOUNCE_DOMAIN": "bounces.example.com"},
        {
            "MAIL_PROVIDER": "ses",
            "MAIL_PROVIDER_KEY": "arn:aws:sns:eu-west-1:123456789012:a,arn:aws:sns:eu-west-1:123456789012:b",
        },
        {"MAIL_PROVIDER": "postmark", "MAIL_PROVIDER_KEY": "suki:a-long-password"},
        {"MAIL_PROVIDER": "mailgun", "MAIL_PROVIDER_KEY": "key"},
        {"MAIL_PROVIDER": "sendgrid", "MAIL_PROVIDER_KEY": EC_KEY},
        SIGNS,
        SIGNS | {"DKIM_RECORD": "v=DKIM1; k=rsa; p=" + "A" * 40, "SPF_TERM": "ip4:192.0.2.0/24"},
        {"DNS_SERVERS": "192.0.2.53"},
        {"DNS_SERVERS": "127.0.0.1:5353,192.0.2.53"},
    ],
)
def test_what_email_needs_is_taken(environment: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        environment.setenv(name, value)
    settings = load_settings()
    assert settings.own_domains == ("DKIM_SELECTOR" in given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"BOUNCE_DOMAIN": "Bounces"}, "BOUNCE_DOMAIN must be the name of a domain"),
        ({"MAIL_PROVIDER": "ses"}, "MAIL_PROVIDER and MAIL_PROVIDER_KEY: set both, or neither"),
        ({"MAIL_PROVIDER_KEY": "x"}, "MAIL_PROVIDER and MAIL_PROVIDER_KEY: set both, or neither"),
        ({"MAIL_PROVIDER": "ses", "MAIL_PROVIDER_KEY": "topic"}, "MAIL_PROVIDER_KEY must be, for ses, the ARN"),
        ({"MAIL_PROVIDER": "postmark", "MAIL_PROVIDER_KEY": "suki:short"}, "for postmark, name:password"),
        ({"MAIL_PROVIDER": "sendgrid", "MAIL_PROVIDER_KEY": "AAAA"}, "for sendgrid, the verification key"),
        ({"MAIL_PROVIDER": "pigeon", "MAIL_PROVIDER_KEY": "x"}, "MAIL_PROVIDER is not usable"),
        ({"DKIM_SELECTOR": "suki"}, "DKIM_SELECTOR, DKIM_RECORD and SPF_TERM: set all three, or none"),
        (SIGNS | {"DKIM_SELECTOR": "su ki"}, "DKIM_SELECTOR must be the selector"),
        (SIGNS | {"DKIM_RECORD": "v=DKIM1; p="}, "DKIM_RECORD must be the text of the key"),
        (SIGNS | {"SPF_TERM": "v=spf1 -all"}, "SPF_TERM must be a mechanism of SPF"),
        ({"DNS_SERVERS": "ns.example.com"}, "DNS_SERVERS must be IP addresses"),
    ],
)
def test_what_email_cannot_use_is_refused_in_words(
    environment: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    for name, value in given.items():
        environment.setenv(name, value)
    [problem] = problems()
    assert words in problem

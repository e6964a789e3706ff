"""The mail server keeps what it is given, and fails when told to."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest
import requests

from sandbox.run import Running
from sandbox.state import Shop


def letter(to: str = "ana@example.com", subject: str = "Salamat, Ana: 25 puntos ✓") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", to, subject
    message.set_content("25 points")
    message.add_alternative("<p>25 <b>points</b></p>", subtype="html")
    return message


def send(local: Running, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", local.smtp_port, timeout=2) as client:
        client.send_message(message)


def test_a_mail_is_kept_with_both_parts(local: Running):
    send(local, letter())
    send(local, letter("ben@example.com", "Hello"))
    found = requests.get(f"{local.url}/mailbox.json?to=ANA@", timeout=5).json()
    assert [(one["subject"], one["recipients"]) for one in found] == [
        ("Salamat, Ana: 25 puntos ✓", ["ana@example.com"])
    ]
    assert (found[0]["text"], found[0]["html"]) == ("25 points\n", "<p>25 <b>points</b></p>\n")
    page = requests.get(f"{local.url}/mailbox", timeout=5).text
    assert page.index("Hello") < page.index("Salamat")
    shown = requests.get(f"{local.url}/mailbox/1", timeout=5).text
    assert 'sandbox=""' in shown
    assert (
        "script-src 'none'" in requests.get(f"{local.url}/mailbox/1/html", timeout=5).headers["Content-Security-Policy"]
    )


def test_links_to_a_shop_lead_into_it_where_it_stands_here(local: Running, shop: Shop):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", "ana@example.com", "Your order"
    message.set_content(
        f'<a href="https://{shop.domain}/1/orders/x">Order</a> <a href="https://else.example/">E</a>', "html"
    )
    send(local, message)
    shown = requests.get(f"{local.url}/mailbox/1/html", timeout=5).text
    assert f'href="/shops/{shop.domain}/1/orders/x"' in shown
    assert 'href="https://else.example/"' in shown
    assert f"https://{shop.domain}/" in requests.get(f"{local.url}/mailbox.json", timeout=5).json()[0]["html"]


@pytest.mark.parametrize(("switch", "code"), [("smtp_refuse", 550), ("smtp_temporary", 451)])
def test_recipients_are_refused_on_demand(local: Running, switch: str, code: int):
    local.trouble.set(**{switch: 1})
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(local, letter())
    assert refused.value.recipients["ana@example.com"][0] == code
    assert local.box.post.count() == 0


def test_a_dropped_connection_comes_after_the_mail_was_taken(local: Running):
    local.trouble.set(smtp_drop=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(local, letter())
    assert local.box.post.count() == 1


def test_a_hanging_server_gives_no_answer(local: Running):
    local.trouble.set(smtp_hang=1, smtp_hang_seconds=30)
    client = smtplib.SMTP("127.0.0.1", local.smtp_port, timeout=0.5)
    with pytest.raises(OSError):
        client.send_message(letter())
    client.close()
    assert local.box.post.count() == 0


def test_mails_are_found_by_what_their_sender_says_they_are(local: Running):
    for kind, language in (("welcome", "en"), ("welcome", "fil"), ("tier_reached", "en"), ("", "")):
        message = letter(subject=f"{kind} {language}")
        if kind:
            message["Feedback-ID"], message["Content-Language"] = f"{kind}:7::suki-loyalty", language
        send(local, message)
    found = {
        asked: [one["subject"] for one in requests.get(f"{local.url}/mailbox.json?{asked}", timeout=5).json()]
        for asked in ("sort=welcome", "language=en", "sort=welcome&language=fil", "sort=nothing")
    }
    assert found == {
        "sort=welcome": ["welcome fil", "welcome en"],
        "language=en": ["tier_reached en", "welcome en"],
        "sort=welcome&language=fil": ["welcome fil"],
        "sort=nothing": [],
    }
    page = requests.get(f"{local.url}/mailbox?sort=welcome", timeout=5).text
    assert '<option value="welcome" selected>Welcome</option>' in page
    assert page.count("/mailbox/") == 2

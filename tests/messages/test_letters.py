"""What is in a letter beside its words: links, marks by which it is known again; and what is sent when a shop's own
email cannot be."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin import jobs
from plugin.actions.sending.email_links import email_links
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.errors import BadInput
from plugin.messages.designs import default_of
from plugin.messages.kind import Kind
from plugin.messages.sending import letters
from plugin.messages.source import source_of
from plugin.messages.welcome import mail as welcome
from plugin.rules.emails.design import Content, Source
from plugin.rules.message_kinds import MessageKind
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.emails import versions
from tests.clients.smtp_servers import Mailbox, serving
from tests.conftest import ShopRow
from tests.messages.waiting import welcomes

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Post:
    """A shop, its mail server and its worker."""

    work: Work
    shop_id: int
    box: Mailbox

    def send(self, *addresses: str) -> list[EmailMessage]:
        """What arrives of a welcome email to each, in the order in which it was written down."""
        made = welcomes(self.work.engine, self.shop_id, addresses, NOW)
        jobs.run(self.work, self.shop_id, "send_message")
        found = [email.message_from_bytes(raw, policy=email.policy.default) for _, _, raw in self.box.mails]
        by_id = {str(one["Message-ID"]): one for one in found}
        return [by_id[f"<suki.{self.shop_id}.{number}@demo.myshopify.com>"] for number in made]  # type: ignore[misc]

    def publish(self, content: Content | None) -> None:
        with shop_transaction(self.work.engine, self.shop_id) as conn:
            versions.add(conn, self.shop_id, "welcome", content, "test", "", NOW)

    @property
    def notes(self) -> list[tuple[Any, ...]]:
        with shop_transaction(self.work.engine, self.shop_id) as conn:
            return [tuple(row) for row in conn.exec_driver_sql("SELECT state, last_error FROM messages ORDER BY id")]


@pytest.fixture
def post(engine: Engine, settings: Settings, shop: ShopRow, box: Mailbox) -> Iterator[Post]:
    with serving(box) as port:
        ours = settings.model_copy(update={"smtp_port": port, "bounce_domain": "bounces.example"})
        with Mailer.from_settings(ours) as mailer:
            yield Post(Work(engine, AdminClients.of(ours), mailer, lambda: NOW), shop.id, box)


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


def test_each_letter_names_its_message_to_whoever_sends_it_back(post: Post) -> None:
    (mail,) = post.send("ana@example.com")
    with shop_transaction(post.work.engine, post.shop_id) as conn:
        links = email_links(conn, post.work.clients.settings)
    sender = post.box.mails[0][0]
    number = int(str(mail["Message-ID"]).split(".")[2].split("@")[0])
    assert sender.endswith("@bounces.example")
    assert links.message_of(sender.removeprefix("bounce+").removesuffix("@bounces.example")) == (post.shop_id, number)
    assert links.message_of(str(mail["X-Suki-Message"])) == (post.shop_id, number)
    assert mail["From"].addresses[0].addr_spec == "rewards@example.com"
    assert str(mail["Feedback-ID"]) == f"welcome:{post.shop_id}::suki-loyalty"


def test_without_a_bounce_domain_letters_go_back_to_the_operator(post: Post) -> None:
    plain = post.work.clients.settings.model_copy(update={"bounce_domain": None})
    post.work = Work(post.work.engine, AdminClients.of(plain), post.work.mailer, lambda: NOW)
    post.send("ana@example.com")
    assert post.box.mails[0][0] == "rewards@example.com"


def promoting(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on welcome emails are promotional ones."""

    def build(occasion: Any) -> Any:
        occasion.reads.promotional.add(occasion.message.id)
        return welcome.build(occasion)

    monkeypatch.setattr("plugin.messages.sending.send.KINDS", {"welcome": Kind(build, welcome.samples)})
    monkeypatch.setattr("plugin.messages.may_go._Promotions.insist", lambda *_: None)


def test_only_a_promotional_letter_offers_mail_programs_to_unsubscribe(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    (transactional,) = post.send("ana@example.com")
    assert transactional["List-Unsubscribe"] is None

    promoting(monkeypatch)
    (promotional,) = post.send("ben@example.com")
    assert str(promotional["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    address = str(promotional["List-Unsubscribe"]).strip("<>")
    assert address.startswith("https://loyalty.example.com/email/") and address.endswith("/unsubscribe")


def source(subject: str, mjml: str = "<mjml><mj-body></mj-body></mjml>") -> Source:
    return Source(subject=subject, preheader="", mjml=mjml, text="Our own text")


def test_when_a_shops_own_email_fails_the_one_before_is_sent_and_the_message_says_so(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Content | None] = []
    good, broken = source("Hello"), source("Broken")
    usual = letters.rendered

    def rendered(kind: Any, context: Any, brand: Any, content: Content | None, pieces: Any) -> Any:
        tried.append(content)
        if content == broken:
            raise BadInput("it fails")
        return usual(kind, context, brand, None)

    monkeypatch.setattr(letters, "rendered", rendered)
    for content in (None, good, broken):
        post.publish(content)
    post.send("ana@example.com", "ben@example.com")
    assert tried == [broken, good, good]
    assert post.notes == [("sent", letters.BROKEN), ("sent", letters.BROKEN)]


def test_when_all_of_them_fail_the_email_that_comes_with_the_app_is_sent(post: Post) -> None:
    for subject in ("{{ 1 | nothing }}", "{% if %}"):
        post.publish(source(subject))
    (mail,) = post.send("ana@example.com")
    assert "25" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert post.notes == [("sent", letters.BROKEN)]


def test_a_promotional_email_of_whatever_was_published_says_where_to_unsubscribe_once(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "<mj-section><mj-column><mj-text>Our own {}</mj-text></mj-column></mj-section>"
    link = '<a href="{{ unsubscribe_url }}">No more</a>'
    hidden = f"<!-- unsubscribe_url -->{{% if false %}}{link}{{% endif %}}"
    parts = {"hidden": (hidden, "Our own"), "shown": (link, "No more: {{ unsubscribe_url }}")}
    for name, (html, text) in parts.items():
        mjml = f"<mjml><mj-body>{body.format(html)}</mj-body></mjml>"
        post.publish(Source(subject=name, preheader="", mjml=mjml, text=text))
        (transactional,) = post.send(f"{name}@example.com")
        assert ("/unsubscribe" in transactional.get_body(("html",)).get_content()) == (name == "shown")  # type: ignore[union-attr]
        with monkeypatch.context() as inner:
            promoting(inner)
            (mail,) = post.send(f"{name}2@example.com")
        address = str(mail["List-Unsubscribe"]).strip("<>")
        words = "Unsubscribe" if name == "hidden" else "No more"
        page, words_only = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]
        assert page.count(f'href="{address}"') == words_only.count(address) == 1
        assert f">{words}</a>" in page
        assert words_only.rstrip().endswith(f"{words}: {address}")


@pytest.mark.parametrize("hidden", [False, True])
def test_a_source_that_is_our_own_email_gets_no_second_line_and_one_that_hides_its_link_does(
    post: Post, monkeypatch: pytest.MonkeyPatch, hidden: bool
) -> None:
    kind = MessageKind.WELCOME
    promoting(monkeypatch)
    ours = source_of(kind, default_of(kind))
    sheet = "<mj-style>.foot a { display: none }</mj-style></mj-head>" if hidden else "</mj-head>"
    post.publish(replace(ours, mjml=ours.mjml.replace("</mj-head>", sheet)))
    (mail,) = post.send("ana@example.com")
    address = str(mail["List-Unsubscribe"]).strip("<>")
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert html.count(f'href="{address}"') == (2 if hidden else 1)


def test_a_shops_own_email_that_works_is_sent_without_a_note(post: Post) -> None:
    mjml = "<mjml><mj-body><mj-section><mj-column><mj-text>Our own</mj-text></mj-column></mj-section></mj-body></mjml>"
    post.publish(source("Our subject", mjml))
    (mail,) = post.send("ana@example.com")
    assert (str(mail["Subject"]), post.notes) == ("Our subject", [("sent", "")])

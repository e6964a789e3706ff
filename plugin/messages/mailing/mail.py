"""A mailing: what the shop wrote for it, with a code if there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.rules.formats import one_line, reader_locale, web_address
from plugin.rules.mailings.mailing import MailingText, text_for
from plugin.rules.messages import Common, common_values, own_code
from plugin.rules.names.news import Mailed
from plugin.store.emails import mailings
from plugin.store.emails.mailings import CANCELED
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingContext(Common):
    """What was written for readers of this language. A source of the shop's own prints it as plain words."""

    written: MailingText
    code_value: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        code, shop = one_line(self.code_value, 64), web_address(self.shop_url).rstrip("/")
        return {
            **common_values(self, reader_locale(self.locale)),
            "mailing_subject": one_line(self.written.subject),
            "mailing_preheader": one_line(self.written.preheader),
            "mailing_title": one_line(self.written.title),
            "mailing_body": one_line(self.written.body, 5_000),
            "code": own_code(code, f"{shop}/discount/{quote(code, safe='')}") if code else None,
        }


def build(occasion: Occasion) -> MailingContext | None:
    """One mailing (`mailing:ID:MEMBER`); None when it was canceled."""
    mailing = occasion.together("mailing", mailings.by_ids, _mailing_id)
    if mailing is None or mailing.state == CANCELED:
        return None
    start, letter = head(occasion.shop, occasion.member), mailing.letter
    return MailingContext(
        **start,
        points_name=occasion.programme.points_name,
        written=text_for(letter.texts, letter.language, reader_locale(start["locale"]).language),
        code_value=letter.code,
    )


def _mailing_id(message: Message) -> int:
    return Mailed.parse(message.subject).mailing_id


def sample(shop: SampleShop, written: MailingText, code: str) -> MailingContext:
    """A mailing as somebody called Ana gets it."""
    return MailingContext(
        **shop.head, points_name=shop.points_name, facts=sample_facts(shop), written=written, code_value=code
    )


def samples(shop: SampleShop) -> tuple[MailingContext, ...]:
    """With a code; then without one, and without a subject of its own."""
    words = MailingText(
        subject=shop.said("news_subject"),
        preheader=shop.said("news"),
        title=shop.said("news_title"),
        body=shop.said("news"),
    )
    written = sample(shop, words, "FRESH10")
    bare = replace(words, subject="", preheader="")
    return written, replace(written, written=bare, code_value="", first_name="")


MAIL = Kind(build, samples)

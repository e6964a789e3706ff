"""A mailing: what the shop wrote for it, with a code if there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.rules.formats import one_line, reader_locale, web_address
from plugin.rules.messages import Common, common_values, own_code
from plugin.rules.names.news import Mailed
from plugin.store.emails import mailings
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingContext(Common):
    """What was written: plain words."""

    subject: str
    title: str
    body: str
    code_value: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        code, shop = one_line(self.code_value, 64), web_address(self.shop_url).rstrip("/")
        return {
            **common_values(self, reader_locale(self.locale)),
            "mailing_subject": one_line(self.subject),
            "mailing_title": one_line(self.title),
            "mailing_body": one_line(self.body, 5_000),
            "code": own_code(code, f"{shop}/discount/{quote(code, safe='')}") if code else None,
        }


def build(occasion: Occasion) -> MailingContext | None:
    """One mailing (`mailing:ID:MEMBER`); None when it was canceled."""
    mailing = occasion.together("mailing", mailings.by_ids, _mailing_id)
    if mailing is None or mailing.state == "canceled":
        return None
    return MailingContext(
        **head(occasion.shop, occasion.member),
        points_name=occasion.programme.points_name,
        subject=mailing.subject,
        title=mailing.title,
        body=mailing.body,
        code_value=mailing.code,
    )


def _mailing_id(message: Message) -> int:
    return Mailed.parse(message.subject).mailing_id


def samples(shop: SampleShop) -> tuple[MailingContext, ...]:
    """With a code; then without one, and without a subject of its own."""
    written = MailingContext(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        subject=shop.said("news_subject"),
        title=shop.said("news_title"),
        body=shop.said("news"),
        code_value="FRESH10",
    )
    return written, replace(written, subject="", code_value="", first_name="")


MAIL = Kind(build, samples)

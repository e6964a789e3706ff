"""A link by email that confirms what being signed in is not enough for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plugin.actions.members.second_step import link
from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules import subjects
from plugin.rules.formats import reader_locale, web_address
from plugin.rules.members.second_step import VALID_FOR
from plugin.rules.messages import Common, common_values
from plugin.store.members import second_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepContext(Common):
    """The link, and what it is for."""

    purpose: str
    link: str

    def values(self) -> dict[str, object]:
        """The template's variables."""
        return {
            **common_values(self, reader_locale(self.locale)),
            "purpose": self.purpose,
            "link": web_address(self.link),
            "minutes": int(VALID_FOR.total_seconds() // 60),
        }


def build(occasion: Occasion) -> SecondStepContext | None:
    """The link of one step (`step:ID`); None where it was used already, or its time is over."""
    shop, member = occasion.shop, occasion.member
    step = second_steps.get(occasion.conn, shop.id, subjects.Step.parse(occasion.message.subject).step_id)
    if step is None or step.used_at is not None or step.ends_at <= occasion.now or step.member_id != member.id:
        return None
    address = link(shop, occasion.settings, step)
    return SecondStepContext(**head(shop, member, occasion.message.locale), purpose=step.purpose, link=address)


def samples(shop: SampleShop) -> tuple[SecondStepContext, ...]:
    """One for each purpose."""
    address = f"{shop.shop_url}/apps/suki/step/7/0123456789abcdef"
    data = SecondStepContext(**shop.head, purpose="data", link=address)
    return data, replace(data, purpose="leave", first_name=""), replace(data, purpose="code")


MAIL = Kind(build, samples)

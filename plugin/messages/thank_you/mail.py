"""Thanks for a first order, with the code for the next one if there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plugin.messages.head import await_code, head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.orders import offer, sample_offer, standing
from plugin.rules.codes import next_order_code
from plugin.rules.formats import one_line, reader_locale
from plugin.rules.messages import CodeOffer, Common, code_values, common_values


@dataclass(frozen=True, slots=True, kw_only=True)
class ThankYouContext(Common):
    """The order, and the code that it brought."""

    order_name: str
    code: CodeOffer | None = None

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "order_name": one_line(self.order_name, 60),
            "code": code_values(self.code, self, locale),
        }


def build(occasion: Occasion) -> ThankYouContext | None:
    """One order (`order:ID`); None when it does not stand. NotYet for a while, while its code is made."""
    found = standing(occasion)
    if found is None or next_order_code.lost(found.view, deleted=False):
        return None
    if found.code is not None and found.code.code_state == "wanted":
        await_code(occasion.message, occasion.now)
    good = found.code is not None and found.code.state == "reserved" and found.code.code_state == "created"
    return ThankYouContext(
        **head(occasion.shop, occasion.member, found.view.buyer.locale, found.view.currency),
        points_name=occasion.programme.points_name,
        order_name=found.view.name,
        code=offer(found.code, occasion.shop) if good and found.code is not None else None,
    )


def samples(shop: SampleShop) -> tuple[ThankYouContext, ...]:
    """With the code that the shop's rules promise; then without one."""
    first = ThankYouContext(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        order_name="#1001",
        code=sample_offer(shop),
    )
    return first, replace(first, code=None, first_name="")


MAIL = Kind(build, samples)

"""The code for the next order, in an email of its own when it came too late for the confirmation."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.messages.orders import offer, sample_offer, standing
from plugin.rules.formats import one_line, reader_locale
from plugin.rules.messages import CodeOffer, Common, code_values, common_values


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReadyContext(Common):
    """The code for the next order, when it came too late for the confirmation."""

    order_name: str
    code: CodeOffer

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        code = code_values(self.code, self, locale)
        return {**common_values(self, locale), "order_name": one_line(self.order_name, 60), "code": code}


def build(occasion: Occasion) -> CodeReadyContext | None:
    """The code of one order; None when it is no longer good, or its order no longer stands."""
    found = standing(occasion)
    if found is None or found.code is None or found.code.state != "reserved" or found.code.code_state != "created":
        return None
    return CodeReadyContext(
        **head(occasion.shop, occasion.member, found.view.buyer.locale, found.view.currency),
        order_name=found.view.name,
        code=offer(found.code, occasion.shop),
    )


def samples(shop: SampleShop) -> tuple[CodeReadyContext, ...]:
    """The code that the shop's rules promise."""
    return (CodeReadyContext(**shop.head, order_name="#1001", code=sample_offer(shop)),)


MAIL = Kind(build, samples)

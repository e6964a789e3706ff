"""Would the member tell friends of the shop? With their own link."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.rules.formats import reader_locale
from plugin.rules.messages import Common, common_values


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteFriendsContext(Common):
    """Nothing but what every email knows: the link is one of its facts."""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        return common_values(self, reader_locale(self.locale))


def build(occasion: Occasion) -> InviteFriendsContext | None:
    """The invitation of one member (`member:ID`); None when nobody can refer anybody."""
    if not occasion.programme.referrals.enabled or occasion.member.state != "member":
        return None
    return InviteFriendsContext(**head(occasion.shop, occasion.member), points_name=occasion.programme.points_name)


def samples(shop: SampleShop) -> tuple[InviteFriendsContext, ...]:
    """Somebody with a link, and somebody without a name."""
    facts = replace(sample_facts(shop), invitation_url=f"{shop.shop_url}/apps/suki/r/ana-7f3k")
    asked = InviteFriendsContext(**shop.head, points_name=shop.points_name, facts=facts)
    return asked, replace(asked, first_name="")


MAIL = Kind(build, samples)

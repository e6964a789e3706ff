"""What a kind of email is made of: what builds it from one message, and samples of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.messages.head import Head
from plugin.messages.reads import Key, Read, Reads, Value
from plugin.rules import explain
from plugin.rules.emails.member_facts import MemberFacts
from plugin.rules.formats import reader_locale
from plugin.rules.messages import MailContext
from plugin.rules.money import minor_digits
from plugin.rules.programme import Programme
from plugin.rules.rewards.next_reward import next_reward
from plugin.rules.types import Reason
from plugin.rules.words.programme_page import Reader, ways_to_earn
from plugin.rules.words.texts import text
from plugin.settings import Settings
from plugin.store.members.members import Member
from plugin.store.points.balances import Balance
from plugin.store.shops.shops import Shop
from plugin.store.versions.programmes import Version
from plugin.store.work.messages import Message

EXAMPLE: Final = "https://example.com"
UNSUBSCRIBE: Final = f"{EXAMPLE}/unsubscribe"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message to one member, with what is read for its whole batch."""

    reads: Reads
    member: Member
    message: Message
    settings: Settings

    @classmethod
    def alone(
        cls, conn: Connection, shop: Shop, member: Member, message: Message, settings: Settings, now: datetime
    ) -> Self:
        """The only message of its batch."""
        return cls(Reads(conn, shop, [message], [member], now), member, message, settings)

    @property
    def conn(self) -> Connection:
        """The shop's transaction."""
        return self.reads.conn

    @property
    def shop(self) -> Shop:
        """Whose message it is."""
        return self.reads.shop

    @property
    def now(self) -> datetime:
        """As of when."""
        return self.reads.now

    @property
    def versions(self) -> list[Version]:
        """All versions of the programme."""
        return self.reads.versions

    @property
    def programme(self) -> Programme:
        """The rules in force now."""
        return self.reads.programme

    @property
    def balance(self) -> Balance:
        """What the member has now."""
        return self.reads.balances[self.member.id]

    def together(self, what: str, read: Read[Key, Value], key_of: Callable[[Message], Key | None]) -> Value | None:
        """What the message is about, read with the rest of the batch: see `Reads.together`."""
        return self.reads.together(what, read, key_of, self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShop:
    """The shop that a sample is for: its name, money, language and rules show in it."""

    shop_name: str
    shop_url: str
    currency: str
    programme: Programme
    today: date
    locale: str = "en"

    def said(self, key: str) -> str:
        """A word that a shop or a shopper of the reader's language might have written: names, goods, notes."""
        return text(self.locale, f"sample.{key}")

    def reason(self, code: str, **values: object) -> str:
        """A reason as the reader reads it."""
        return explain.words(Reason(code, values), reader_locale(self.locale), "shopper", points_name=self.points_name)

    def tier(self, place: int) -> str:
        """A tier from the highest on (0): the shop's own, else as many shops have them."""
        levels = self.programme.tiers.levels[::-1]
        return levels[place].name if place < len(levels) else self.said(("gold", "silver")[place])

    @property
    def head(self) -> Head:
        """The fields that every email's context has, for somebody with a usual name."""
        return {
            "shop_name": self.shop_name,
            "shop_url": self.shop_url,
            "currency": self.currency,
            "locale": self.locale,
            "first_name": self.said("first_name"),
        }

    @property
    def points_name(self) -> str:
        """The shop's own word for points."""
        return self.programme.points_name

    @property
    def account_url(self) -> str:
        """Where members see their orders."""
        return f"{self.shop_url}/account"

    @property
    def unit(self) -> int:
        """The minor units that one unit of the shop's currency has."""
        return int(10 ** minor_digits(self.currency))


def sample_facts(shop: SampleShop) -> MemberFacts:
    """Somebody with a few hundred points."""
    return MemberFacts(
        balance=350,
        reward=next_reward(shop.programme.to_reach, 350),
        rewards_in_reach=(shop.said("mug"),),
        rewards_url=f"{shop.shop_url}/apps/suki/rewards",
        account_url=shop.account_url,
    )


def preview_facts(shop: SampleShop) -> MemberFacts:
    """Somebody for whom as much as possible is said."""
    at = datetime.combine(shop.today, time(), UTC)
    reader = Reader(shop.programme, shop.shop_name, shop.currency, ZoneInfo("UTC"), reader_locale(shop.locale), at)
    levels = shop.programme.tiers.levels
    return MemberFacts(
        balance=1200,
        tier_key=levels[-2].key if len(levels) > 1 else "silver",
        tier=shop.tier(1),
        next_tier=shop.tier(0),
        rewards_in_reach=(shop.said("mug"),),
        ways_to_earn=ways_to_earn(reader),
        rewards_url=f"{EXAMPLE}/apps/suki/rewards",
        account_url=f"{EXAMPLE}/account",
        invitation_url=f"{EXAMPLE}/apps/suki/r/ANA-7F3K",
        preferences_url=f"{EXAMPLE}/preferences",
        unsubscribe_url=UNSUBSCRIBE,
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """`build` says what the email says, or None when it has nothing to say any more; LeftOut with a reason of its own,
    NotYet while it waits for something of ours. `samples` are for previews, which show the first, and for tests."""

    build: Callable[[Occasion], MailContext | None]
    samples: Callable[[SampleShop], Sequence[MailContext]]

"""What a kind of email is made of: what builds it from one message, and samples of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from plugin.messages.head import Head
from plugin.rules.messages import MailContext
from plugin.rules.money import minor_digits
from plugin.rules.programme import Programme
from plugin.settings import Settings
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message to one member, as of `now`, within a transaction of the shop."""

    conn: Connection
    shop: Shop
    member: Member
    message: Message
    settings: Settings
    now: datetime

    @property
    def programme(self) -> Programme:
        """The rules in force now."""
        return programmes.current(self.conn, self.shop.id, self.now).programme


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShop:
    """The shop that a sample is for: its name, money, language and rules show in it."""

    shop_name: str
    shop_url: str
    currency: str
    programme: Programme
    today: date
    locale: str = "en"

    @property
    def head(self) -> Head:
        """The fields that every email's context has, for somebody called Ana."""
        return {
            "shop_name": self.shop_name,
            "shop_url": self.shop_url,
            "currency": self.currency,
            "locale": self.locale,
            "first_name": "Ana",
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


@dataclass(frozen=True, slots=True)
class Kind:
    """`build` says what the email says, or None when it has nothing to say any more; LeftOut with a reason of its own,
    NotYet while it waits for something of ours. `samples` are for previews, which show the first, and for tests."""

    build: Callable[[Occasion], MailContext | None]
    samples: Callable[[SampleShop], Sequence[MailContext]]

"""What a month did to the member's points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from babel.dates import format_skeleton
from sqlalchemy import Connection

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.rules.emails.days import month_before
from plugin.rules.formats import reader_locale
from plugin.rules.messages import Common, common_values
from plugin.rules.names.news import MemberDay
from plugin.store.emails import by_the_day
from plugin.store.emails.by_the_day import MonthOfPoints
from plugin.store.work.messages import Message

NOTHING = MonthOfPoints(0, 0, 0, 0)
About = tuple[int, date]
"""Whose, and the day after the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContext(Common):
    """The month, by its first day, and what it did."""

    month: date
    points: MonthOfPoints

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "month": format_skeleton("yMMMM", self.month, locale=locale),
            "earned": self.amount(self.points.earned, locale),
            "used": self.amount(self.points.used, locale),
            "expired": self.amount(self.points.expired, locale),
            "taken_back": self.amount(self.points.taken_back, locale),
        }


def build(occasion: Occasion) -> StatementContext | None:
    """The month before one day (`day:MEMBER:DAY`); None when nothing happened in it and there is nothing."""
    shop = occasion.shop

    def of_months(conn: Connection, shop_id: int, wanted: list[About]) -> dict[About, MonthOfPoints]:
        found: dict[About, MonthOfPoints] = {}
        for day in {day for _, day in wanted}:
            since, until = (datetime.combine(each, time(), shop.zone) for each in (month_before(day), day))
            ids = [member for member, its in wanted if its == day]
            months = by_the_day.months_of_points(conn, shop_id, ids, since, until)
            found |= {(member, day): month for member, month in months.items()}
        return found

    month = occasion.together("month", of_months, _about) or NOTHING
    if month == NOTHING and occasion.balance.available <= 0:
        return None
    return StatementContext(
        **head(shop, occasion.member),
        points_name=occasion.programme.points_name,
        month=month_before(MemberDay.parse(occasion.message.subject).day),
        points=month,
    )


def _about(message: Message) -> About:
    return message.member_id, MemberDay.parse(message.subject).day


def samples(shop: SampleShop) -> tuple[StatementContext, ...]:
    """A month in which everything happened; then one in which nothing did."""
    full = StatementContext(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        month=month_before(shop.today),
        points=MonthOfPoints(earned=240, used=100, expired=20, taken_back=10),
    )
    return full, replace(full, points=NOTHING, first_name="")


MAIL = Kind(build, samples)

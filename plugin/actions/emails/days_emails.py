"""What each kind of email that comes with a day has to say on it, a page of members or orders at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails import tell_of_friends
from plugin.actions.emails.news import Row, row
from plugin.rules import subjects
from plugin.rules.emails import days
from plugin.rules.emails.days import DaysAfter
from plugin.rules.emails.kind_settings import figure
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import InReach, MemberDay, Quiet
from plugin.rules.points.expiry import end_of_day, start_of_day
from plugin.rules.retention import survey as surveys
from plugin.store.emails import by_the_day
from plugin.store.emails.by_the_day import Part
from plugin.store.members import members
from plugin.store.points import balances, ledger
from plugin.store.reports import survey_answers
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes


@dataclass(frozen=True, slots=True)
class Page:
    """The emails of a page, and after which id the next one begins; None at the end."""

    rows: list[Row]
    last: int | None


Step = Callable[[Connection, Shop, date, int, datetime], Page]
"""What one kind has to say on a day, from an id on."""


AFTER_POINTS_CAME: Final = DaysAfter(1)


def before_code_ends(shop: Shop) -> DaysAfter:
    """When the member is told of a code's last day."""
    return DaysAfter(-figure(shop.settings, MessageKind.REWARD_ENDING, "days"))


def after_last_order(shop: Shop, step: int) -> DaysAfter:
    """When the first word of a win-back comes after the day of the last order, or the second."""
    kind = MessageKind.WIN_BACK
    again = figure(shop.settings, kind, "again_days") if step > 1 else 0
    return DaysAfter(figure(shop.settings, kind, "days") + again)


def after_second_order(shop: Shop) -> DaysAfter:
    """When the invitation comes after the second day of orders."""
    return DaysAfter(figure(shop.settings, MessageKind.INVITE_FRIENDS, "days"))


def after_delivery(shop: Shop) -> DaysAfter:
    """When the question comes after the day on which the last of an order was sent."""
    return DaysAfter(figure(shop.settings, MessageKind.SURVEY_ASKED, "days"))


def _paged(rows: list[Row], ids: list[int]) -> Page:
    return Page(rows, ids[-1] if len(ids) == by_the_day.PAGE else None)


def _codes_ending(conn: Connection, shop: Shop, day: date, after: int, _now: datetime) -> Page:
    """Codes whose last day is so many days away."""
    kind, last_day = MessageKind.REWARD_ENDING, before_code_ends(shop).about(day)
    since, until = start_of_day(last_day, shop.zone), end_of_day(last_day, shop.zone)
    found = by_the_day.codes_ending(conn, shop.id, since, until, Part(after))
    rows = [row(kind, one.member_id, subjects.Redemption(one.redemption_id)) for one in found]
    return _paged(rows, [one.redemption_id for one in found])


def _quiet(step: int) -> Step:
    """Who has not ordered for so many days: the first word of a win-back, or the second."""

    def quiet(conn: Connection, shop: Shop, day: date, after: int, _now: datetime) -> Page:
        since = after_last_order(shop, step).about(day)
        found = [member for member, _ in by_the_day.quiet_since(conn, shop.id, since, since, Part(after))]
        return _paged([row(MessageKind.WIN_BACK, member, Quiet(member, since, step)) for member in found], found)

    return quiet


def _ordered_again(conn: Connection, shop: Shop, day: date, after: int, now: datetime) -> Page:
    """Who came back to order a second time, some days ago."""
    about = after_second_order(shop).about(day)
    found = [member for member, _ in by_the_day.ordered_again(conn, shop.id, about, about, Part(after))]
    return _paged(tell_of_friends.invited(conn, shop, found, now), found)


def _in_reach(conn: Connection, shop: Shop, day: date, after: int, now: datetime) -> Page:
    """For whom points that came on the day before brought a reward within reach: the dearest one, and once for each
    until it was redeemed."""
    offered = days.offered(programmes.current(conn, shop.id, now).programme.rewards)
    if not offered:
        return Page([], None)
    came_on = AFTER_POINTS_CAME.about(day)
    since, until = start_of_day(came_on, shop.zone), end_of_day(came_on, shop.zone)
    found = by_the_day.holders(conn, shop.id, min(one.points for one in offered), Part(after))
    people = members.by_ids(conn, shop.id, found)
    have = balances.of(conn, shop.id, people.values(), now)
    lots, had = ledger.open_lots(conn, shop.id, found, now), by_the_day.times_redeemed(conn, shop.id, found)
    rows = []
    for member in found:
        came = sum(lot.left for lot in lots.get(member, ()) if since <= lot.available_at < until)
        reward = days.crossed(offered, have[member].available, came)
        if reward is not None:
            about = InReach(member, reward.id, had.get((member, reward.id), 0))
            rows.append(row(MessageKind.REWARD_IN_REACH, member, about))
    return _paged(rows, found)


def _delivered(conn: Connection, shop: Shop, day: date, after: int, now: datetime) -> Page:
    """Whose order was sent some days ago, and who is to be asked about it by what staff have set. The question is put
    with the email, so that it can be answered."""
    survey = surveys.stored(shop.settings)
    if survey.asked == "off":
        return Page([], None)
    sent = after_delivery(shop).about(day)
    since, until = start_of_day(sent, shop.zone), end_of_day(sent, shop.zone)
    found = by_the_day.delivered(conn, shop.id, now - surveys.OPEN_FOR, since, until, Part(after))
    due = [one for one in found if one.asked or surveys.due(survey, one.asked_before, now, first_order=one.is_first)]
    survey_answers.ask_about(conn, shop.id, survey.asked, ((one.order_id, one.member_id) for one in due), now)
    rows = [row(MessageKind.SURVEY_ASKED, one.member_id, subjects.Order(one.order_id)) for one in due]
    return _paged(rows, [one.order_id for one in found])


def _statements(conn: Connection, shop: Shop, day: date, after: int, _now: datetime) -> Page:
    """On the first of a month, for whoever was a member in the month before, and has points or had to do with them."""
    if not days.statement_day(day):
        return Page([], None)
    since, until = (start_of_day(each, shop.zone) for each in (days.month_before(day), day))
    found = by_the_day.with_a_month(conn, shop.id, since, until, Part(after))
    rows = [row(MessageKind.STATEMENT, member, MemberDay(member, day)) for member in found]
    return _paged(rows, found)


STEPS: Final[tuple[tuple[MessageKind, Step], ...]] = (
    (MessageKind.REWARD_ENDING, _codes_ending),
    (MessageKind.WIN_BACK, _quiet(1)),
    (MessageKind.WIN_BACK, _quiet(2)),
    (MessageKind.REWARD_IN_REACH, _in_reach),
    (MessageKind.INVITE_FRIENDS, _ordered_again),
    (MessageKind.SURVEY_ASKED, _delivered),
    (MessageKind.STATEMENT, _statements),
)
"""What comes with a day, in the order in which it is written down."""

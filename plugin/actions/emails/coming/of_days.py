"""What comes so many days after, or before, something: by the queries and figures of `days_emails`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from plugin.actions.emails import carts_left, days_emails
from plugin.actions.emails.coming.look import Found, Look, Planned, about, nothing
from plugin.actions.referrals import claim_referral
from plugin.rules import subjects
from plugin.rules.emails import days
from plugin.rules.emails.kind_settings import figure
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import Checkout, InReach, Mailed, MemberDay, Quiet
from plugin.rules.points.expiry import end_of_day, start_of_day
from plugin.rules.retention import survey as surveys
from plugin.store.emails import by_the_day, checkouts_left, mailings
from plugin.store.emails.by_the_day import MonthOfPoints, Part
from plugin.store.orders import orders
from plugin.store.rewards import redemptions
from plugin.store.work import messages

LONG_AGO: Final = date(1970, 1, 1)


def reward_ending(look: Look) -> Found:
    """Codes that end, and were not used yet; one for the next order is marketing."""
    kind, before = MessageKind.REWARD_ENDING, days_emails.before_code_ends(look.shop)
    until = end_of_day(before.about(look.shop.day(look.until)), look.shop.zone)
    found = by_the_day.codes_ending(look.conn, look.shop.id, look.now, until, _of(look))
    made = redemptions.by_ids(look.conn, look.shop.id, [one.redemption_id for one in found])
    dated = [(one, look.shop.last_day(one.ends_at)) for one in found]
    return [
        Planned(
            kind,
            look.written(before.due(last)),
            about(kind.value, day=last),
            str(subjects.Redemption(one.redemption_id)),
            promotional=not made[one.redemption_id].is_reward,
        )
        for one, last in sorted(dated, key=lambda each: (each[1], each[0].redemption_id))
        if look.ahead(before.due(last))
    ] or nothing("no_code")


def win_back(look: Look) -> Found:
    """Both words to who stays away."""
    kind, number = MessageKind.WIN_BACK, look.member.id
    quiet = by_the_day.quiet_since(look.conn, look.shop.id, LONG_AGO, look.today, _of(look))
    if not quiet:
        return nothing("no_order")
    [(_, since)] = quiet
    due = [(step, days_emails.after_last_order(look.shop, step).due(since)) for step in (1, 2)]
    return [
        Planned(kind, look.written(day), about(kind.value, day=since), str(Quiet(number, since, step)))
        for step, day in due
        if look.ahead(day)
    ] or nothing("called_back" if _called(look, since) else "away_too_long")


def _called(look: Look, since: date) -> bool:
    """Whether an email of this pause was written down."""
    both = [str(Quiet(look.member.id, since, step)) for step in (1, 2)]
    return bool(messages.numbers(look.conn, look.shop.id, MessageKind.WIN_BACK, both))


def invite_friends(look: Look) -> Found:
    """After the second day of orders, once."""
    kind, after = MessageKind.INVITE_FRIENDS, days_emails.after_second_order(look.shop)
    if not claim_referral.may_invite(look.conn, look.shop, look.member, look.now):
        return nothing("no_referrals")
    found = by_the_day.ordered_again(look.conn, look.shop.id, LONG_AGO, look.today, _of(look))
    if not found:
        return nothing("no_second_order")
    [(_, second)] = found
    subject = str(subjects.Member(look.member.id))
    if not look.ahead(after.due(second)):
        invited = messages.numbers(look.conn, look.shop.id, kind, [subject])
        return nothing("invited" if invited else "second_order_past")
    said = about(kind.value, day=second)
    return [Planned(kind, look.written(after.due(second)), said, subject)]


def survey_asked(look: Look) -> Found:
    """The question about each order that was sent."""
    kind, after, survey = MessageKind.SURVEY_ASKED, days_emails.after_delivery(look.shop), _survey(look)
    if survey.asked == "off":
        return nothing("no_question")
    since = start_of_day(after.about(look.today), look.shop.zone)
    found = by_the_day.delivered(
        look.conn, look.shop.id, look.now - surveys.OPEN_FOR, since, look.now + timedelta(days=1), _of(look)
    )
    planned = []
    for one in found:
        day = after.due(look.shop.day(one.fulfilled_at))
        at = look.written(day)
        asks = one.asked or surveys.due(survey, one.asked_before, at, first_order=one.is_first)
        if look.ahead(day) and asks and one.placed_at >= at - surveys.OPEN_FOR:
            said = about(kind.value, day=look.shop.day(one.fulfilled_at))
            planned.append(Planned(kind, at, said, str(subjects.Order(one.order_id))))
    return sorted(planned, key=lambda one: one.at) or nothing("nothing_sent")


def _survey(look: Look) -> surveys.Survey:
    return surveys.stored(look.shop.settings)


def reward_in_reach(look: Look) -> Found:
    """The day after points came, or come, that are enough for a reward."""
    kind, after, number = MessageKind.REWARD_IN_REACH, days_emails.AFTER_POINTS_CAME, look.member.id
    offered = days.offered(look.programme.rewards)
    if not offered:
        return nothing("no_rewards")
    if look.member.state != "member":
        return nothing("no_account")
    had = by_the_day.times_redeemed(look.conn, look.shop.id, [number])
    planned = []
    for day in sorted({look.shop.day(lot.available_at) for lot in look.lots}):
        if look.ahead(after.due(day)):
            reward = days.crossed(offered, _available(look, day), _came(look, day))
            if reward is not None:
                subject = str(InReach(number, reward.id, had.get((number, reward.id), 0)))
                said = about(kind.value, reward=reward.name, day=day)
                planned.append(Planned(kind, look.written(after.due(day)), said, subject))
    return planned or nothing("nothing_comes")


def _available(look: Look, day: date) -> int:
    """What the member can spend at the end of a day, with what is pending until then."""
    end = end_of_day(day, look.shop.zone)
    return look.balance.available + sum(lot.left for lot in look.lots if look.now < lot.available_at < end)


def _came(look: Look, day: date) -> int:
    return sum(lot.left for lot in look.lots if look.shop.day(lot.available_at) == day)


def statement(look: Look) -> Found:
    """That of the month before, while the first of this one is not seen to; and that of this month, on the first of the
    next."""
    ahead = (look.first_day + timedelta(days=n) for n in range(32))
    found = [_statement(look, day) for day in ahead if days.statement_day(day) and look.ahead(day)]
    return [one for one in found if one is not None] or nothing("no_month")


def _statement(look: Look, day: date) -> Planned | None:
    since, until = (start_of_day(each, look.shop.zone) for each in (days.month_before(day), day))
    if not by_the_day.with_a_month(look.conn, look.shop.id, since, until, _of(look)):
        return None
    months = by_the_day.months_of_points(look.conn, look.shop.id, [look.member.id], since, until)
    gone = months.get(look.member.id, _NOTHING) == _NOTHING and look.balance.available <= 0
    said = about(MessageKind.STATEMENT.value, day=days.month_before(day))
    subject = str(MemberDay(look.member.id, day))
    return Planned(MessageKind.STATEMENT, look.written(day), said, subject, gone=gone)


_NOTHING: Final = MonthOfPoints(0, 0, 0, 0)


def cart_left(look: Look) -> Found:
    """The reminder of the checkout that they left last, unless one came lately."""
    kind = MessageKind.CART_LEFT
    if not carts_left.is_on(look.shop):
        return nothing("checkouts_off")
    hours, between = (figure(look.shop.settings, kind, name) for name in ("hours", "days"))
    left = checkouts_left.unlooked(look.conn, look.shop.id, look.member.id, carts_left.oldest(look.shop, look.now))
    ordered = orders.last_placed(look.conn, look.shop.id, [look.member.id]).get(look.member.id)
    due = {max(look.now, one.updated_at + timedelta(hours=hours)): one for one in left}
    for at, one in sorted(due.items(), key=lambda each: each[0]):
        since = at - timedelta(days=between)
        told = checkouts_left.told_since(look.conn, look.shop.id, [look.member.id], since)
        if not told and not carts_left.is_over(one, ordered):
            return [Planned(kind, at, about(kind.value, at=one.updated_at), str(Checkout(one.id)))]
    return nothing("reminded" if left else "no_checkout")


def mailing(look: Look) -> Found:
    """Mailings that are planned, and are for this member."""
    kind, number = MessageKind.MAILING, look.member.id
    planned = [
        Planned(kind, max(look.now, one.send_at), about(kind.value, name=one.letter.name), str(Mailed(one.id, number)))
        for one in mailings.newest(look.conn, look.shop.id)
        if one.state == mailings.PLANNED and one.send_at and one.send_at <= look.until
        and mailings.audience(look.conn, look.shop.id, one.letter, number - 1, 1) == [number]
    ]  # fmt: skip
    return sorted(planned, key=lambda one: one.at) or nothing("no_mailing")


def _of(look: Look) -> Part:
    return Part(only=look.member.id)

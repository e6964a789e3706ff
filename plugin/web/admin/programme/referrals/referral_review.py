"""Programme, Referrals, Review: what looks unusual and why, for staff to decide; every referral; the block list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.referrals import review_referrals
from plugin.errors import BadInput
from plugin.rules import subjects
from plugin.rules.names import staff_log
from plugin.rules.referrals.email_addresses import domain_of
from plugin.rules.referrals.judging import WEIGHTS, in_order
from plugin.rules.words import referrals as in_words
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.referrals import referral_marks, referrals
from plugin.store.referrals.referrals import Referral
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.web.admin.activity import staff_words
from plugin.web.admin.frame.layout import go, number_from, page
from plugin.web.auth import caller
from plugin.web.current import now, reading, shop, staff, transaction
from plugin.web.words import t

SHOWN = 50
STATES = ("held", "open", "paid", "refused", "all")
"""The words are `programme.referrals.filter.<name>`."""
IN_STATE = {
    "held": ("held",),
    "open": ("claimed", "ordered", "approved"),
    "paid": ("paid",),
    "refused": ("refused", "reversed"),
    "all": in_words.STATES,
}
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Row:
    """One referral with both people, and what looks unusual about it."""

    referral: Referral
    advocate: Member | None
    friend: Member | None
    signs: tuple[tuple[str, int], ...]
    undecided: bool
    """Whether what staff decided is still being carried out: the state is that from before."""

    @property
    def domain(self) -> str:
        """Of the friend's address."""
        return domain_of(self.friend.email) if self.friend else ""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/programme/referrals/review", "review_referrals", shown)
    app.add_url_rule("/app/programme/referrals/decide", "decide_referrals", decide, methods=["POST"])
    app.add_url_rule("/app/programme/referrals/block", "block_referrals", block, methods=["POST"])
    app.add_url_rule("/app/programme/referrals/unblock", "unblock_referrals", unblock, methods=["POST"])


@caller("session", reads="referrals")
def shown() -> Response:
    """The queue, newest first."""
    return _page(_state(request.args.get("state", "")), value=request.args.get("block", "")[:260])


def _state(asked: str) -> str:
    return asked if asked in STATES else "held"


def _page(state: str, value: str = "", error: str = "", status: int = 200) -> Response:
    with transaction() as conn:
        found = referrals.page(conn, shop().id, IN_STATE[state], number_from("before"), SHOWN + 1)
        people = members.by_ids(conn, shop().id, {key for one in found for key in (one.member_id, one.friend_id)})
        blocks = referral_marks.blocks(conn, shop().id)
        blocked = members.by_ids(conn, shop().id, staff_log.members_in(each for each, *_ in blocks))
        named = members.by_ids(conn, shop().id, staff_log.members_in([value]))
        counts = referrals.counts(conn, shop().id)
        working = jobs.due_subjects(conn, shop().id, JobKind.REFERRAL, (one.id for one in found if one.decision), now())
        reading("referrals", len(people) + len(blocked), fields={"state": state != "held"})
    rows = [_row(one, people, str(one.id) in working) for one in found[:SHOWN]]
    older = found[SHOWN - 1].id if len(found) > SHOWN else None
    shown_counts = {key: sum(counts.get(each, 0) for each in IN_STATE[key]) for key in STATES}
    return page(
        "admin/programme/referrals/referral_review.html",
        status,
        rows=rows,
        state=state,
        states={each: t(f"programme.referrals.filter.{each}") for each in STATES},
        counts=shown_counts,
        older=older,
        blocks=[(each[0], _called(each[0], blocked), *each[1:]) for each in blocks],
        words={state: t(f"staff.referral.{state}") for state in in_words.STATES},
        value=_asked(value, named),
        error=error,
    )


def _row(one: Referral, people: Mapping[int, Member], undecided: bool) -> Row:
    return Row(one, people.get(one.member_id), people.get(one.friend_id), _signs(one), undecided)


def _called(value: str, people: Mapping[int, Member]) -> str:
    """What is blocked, in words: a domain, or a member by name and address."""
    words = staff_words.named(value, people)
    email = next((one.email for key, one in people.items() if value == str(subjects.Member(key))), "")
    return f"{words}, {email}" if email and email != words else words


def _asked(value: str, people: Mapping[int, Member]) -> str:
    """What stands in the field: a member's email address, where the link named the member by number."""
    email = next((one.email for key, one in people.items() if value == str(subjects.Member(key))), "")
    return email or subjects.without_domain(value)


def _signs(one: Referral) -> tuple[tuple[str, int], ...]:
    return tuple((_sign(sign), WEIGHTS.get(sign, 0)) for sign in in_order(one.signs))


def _sign(sign: str) -> str:
    return t(f"staff.sign.{sign}") if sign in in_words.SIGNS else sign


@caller("session", role="manager")
def decide() -> AnyResponse:
    """Approve or refuse the chosen ones."""
    ids = [int(text) for text in request.form.getlist("id") if text.isascii() and text.isdigit() and len(text) < 19]
    state = _state(request.form.get("state", ""))
    with transaction() as conn:
        done = review_referrals.decide(
            conn,
            shop(),
            ids[:MOST_AT_ONCE],
            request.form.get("what", ""),
            request.form.get("note", ""),
            staff().actor,
            now(),
        )
    return go("review_referrals", state=state, done="decided" if done else "nothing_chosen")


@caller("session", role="manager")
def block() -> AnyResponse:
    """Put a domain or a member on the block list."""
    state, value = _state(request.form.get("state", "")), request.form.get("value", "")
    try:
        with transaction() as conn:
            review_referrals.block(conn, shop(), value, request.form.get("note", ""), staff().actor, now())
    except BadInput as error:
        return _page(state, value[:260], error.fields["value"], error.status)
    return go("review_referrals", state=state, done="saved")


@caller("session", role="manager")
def unblock() -> AnyResponse:
    """Take somebody off the block list."""
    with transaction() as conn:
        review_referrals.unblock(conn, shop(), request.form.get("value", ""), staff().actor, now())
    return go("review_referrals", state=_state(request.form.get("state", "")), done="saved")

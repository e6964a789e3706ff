"""How a version of the programme comes into force: now, or planned for a day; carried along, withdrawn, rolled back.

At most one version is planned. A change that is made now while one is planned goes into both: the plan is
saved anew with it, except for the parts that the plan itself changes. The older plan is withdrawn then, so
that what is in force at a moment never depends on when one asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.codes import code_pools
from plugin.actions.programme.edits import Edit
from plugin.actions.record_event import record
from plugin.actions.shops import show_programme
from plugin.actions.tiers import tier_tags, watch_tiers
from plugin.actions.work.work import Work
from plugin.errors import BadInput
from plugin.rules.events import Event, ProgrammePublished
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.programme import Programme
from plugin.rules.words.texts import Said
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

ON = "effective_on"
NOTE_LENGTH = 200
FURTHEST = timedelta(days=2 * 366)
LONGEST_WAIT = timedelta(seconds=30)
"""For the lock of a shop, and how far the clocks of two processes may differ."""


@dataclass(frozen=True, slots=True)
class Editing:
    """What there is while somebody saves: the version in force, the planned one, and the one they began with."""

    shop: Shop
    in_force: Version
    planned: Version | None
    base: Version

    @property
    def of_plan(self) -> bool:
        """Whether the planned version is being changed."""
        return self.planned is not None and self.base.number == self.planned.number


def begin(conn: Connection, shop_id: int, based_on: int, now: datetime) -> Editing:
    """Lock the shop's programme; BadInput if what the form began with is no longer what it was."""
    shop = shops.get(conn, shop_id, lock=True)
    known = programmes.versions(conn, shop_id)
    now = _after_whoever_was_first(known, now)
    editing = Editing(
        shop,
        programmes.at(known, now),
        programmes.planned(known, now),
        programmes.begun_with(known, based_on, now),
    )
    if editing.base.number != based_on:
        message = Said("programme.rules.stale", new=editing.base.number, old=based_on)
        raise BadInput(message, {"based_on": message})
    return editing


def _after_whoever_was_first(known: Sequence[Version], now: datetime) -> datetime:
    """The moment from which all of what was saved while we waited for the lock is in force: it is no plan."""
    return max([now, *(one.effective_from for one in known if one.effective_from - now < LONGEST_WAIT)])


def wrong_of(editing: Editing, edit: Edit) -> dict[str, str]:
    """What is wrong with the note and the day, by field."""
    wrong = dict(edit.wrong)
    if len(" ".join(edit.note.split())) > NOTE_LENGTH:
        wrong["note"] = Said("frame.wrong.long", NOTE_LENGTH)
    try:
        _moment(editing, edit)
    except BadInput as error:
        wrong |= error.fields
    return wrong


def publish(conn: Connection, editing: Editing, programme: Programme, edit: Edit) -> int:
    """Store the programme as the next version, in force from the edit's day or from now; answers its number, or
    the number there is if nothing changed."""
    return publish_at(conn, editing, programme, edit.note, _moment(editing, edit), edit.actor, edit.now)


def publish_at(
    conn: Connection, editing: Editing, programme: Programme, note: str, since: datetime, actor: str, now: datetime
) -> int:
    """The same from a moment, which counts as now if it is past."""
    base, note = editing.base, " ".join(note.split())[:NOTE_LENGTH]
    unmoved = not editing.of_plan or since == base.effective_from
    if unmoved and programmes.same_rules(programme, base.programme):
        return base.number
    if since > now:
        return _plan(conn, editing, programme, note, since, actor, now)
    number = _add(conn, editing.shop, programme, note, actor, now, now)
    if editing.planned is not None:
        _carry(conn, editing, programme, editing.planned, actor, now)
    took_effect(conn, editing.shop, editing.in_force.programme, programme, now)
    return number


def _plan(
    conn: Connection, editing: Editing, programme: Programme, note: str, since: datetime, actor: str, now: datetime
) -> int:
    plan = editing.planned
    if plan is not None and not editing.of_plan:
        words = Said("programme.rules.planned_already", version=plan.number)
        raise BadInput(words, {ON: words})
    if plan is not None:
        _withdraw(conn, editing.shop.id, plan.number, actor, now)
    number = _add(conn, editing.shop, programme, note, actor, since, now)
    jobs.queue(conn, editing.shop.id, JobKind.PROGRAMME_BEGINS, [number], since)
    return number


def _carry(conn: Connection, editing: Editing, programme: Programme, plan: Version, actor: str, now: datetime) -> None:
    """The plan goes on with the change in it; a plan that was itself put into force is over."""
    _withdraw(conn, editing.shop.id, plan.number, actor, now)
    carried = carried_along(editing.in_force.programme, programme, plan.programme)
    if not editing.of_plan and not programmes.same_rules(carried, programme):
        since, note = plan.effective_from, {"note": plan.note}
        number = _store(conn, editing.shop, carried, plan.author, plan.note, since, now)
        activity_pages.note_staff_act(conn, editing.shop.id, actor, "carry_programme", f"version {number}", note, now)
        jobs.queue(conn, editing.shop.id, JobKind.PROGRAMME_BEGINS, [number], since)


def carried_along(before: Programme, after: Programme, plan: Programme) -> Programme:
    """The plan with each part that it leaves as it was taken from the changed programme."""
    kept = {name: getattr(after, name) for name in Programme.model_fields if _same(before, plan, name)}
    return plan.model_copy(update=kept)


def _same(one: Programme, other: Programme, name: str) -> bool:
    return bool(getattr(one, name) == getattr(other, name))


def _add(
    conn: Connection, shop: Shop, programme: Programme, note: str, actor: str, since: datetime, now: datetime
) -> int:
    number = _store(conn, shop, programme, actor, note, since, now)
    activity_pages.note_staff_act(conn, shop.id, actor, "save_programme", f"version {number}", {"note": note}, now)
    return number


def _store(
    conn: Connection, shop: Shop, programme: Programme, author: str, note: str, since: datetime, now: datetime
) -> int:
    number = programmes.add(conn, shop.id, programme, author, note, since, now)
    record(conn, shop.id, [Event(ProgrammePublished(number, since), "")], now)
    return number


def took_effect(conn: Connection, shop: Shop, before: Programme, after: Programme, now: datetime) -> None:
    """What a version sets in motion when it comes into force."""
    show_programme.want(conn, shop.id, now)
    if not after.next_order_code.bound_to_customer:
        code_pools.want_a_look(conn, shop.id, now)
    if before.tiers != after.tiers:
        watch_tiers.rules_changed(conn, shop, now)
        tier_tags.look_for(conn, shop, after.tiers, now)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """A planned version has come into force, unless it was withdrawn."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        known = programmes.versions(conn, shop.id)
        version = known[job.number - 1]
        if version.withdrawn_at is None and version.effective_from <= now:
            before = programmes.at(known, version.effective_from - timedelta.resolution)
            took_effect(conn, shop, before.programme, version.programme, now)


def withdraw(conn: Connection, shop_id: int, number: int, actor: str, now: datetime) -> None:
    """The planned version will not come into force; BadInput when there is none of this number, or it has begun."""
    shops.get(conn, shop_id, lock=True)
    plan = programmes.planned(programmes.versions(conn, shop_id), now)
    if plan is None or plan.number != number:
        message = Said("programme.rules.not_planned", version=number)
        raise BadInput(message, {"based_on": message})
    _withdraw(conn, shop_id, number, actor, now)
    activity_pages.note_staff_act(conn, shop_id, actor, "withdraw_programme", f"version {number}", {}, now)


def _withdraw(conn: Connection, shop_id: int, number: int, actor: str, now: datetime) -> None:
    programmes.withdraw(conn, shop_id, number, actor, now)
    jobs.drop(conn, shop_id, JobKind.PROGRAMME_BEGINS, number)


def day_of(version: Version, shop: Shop, now: datetime) -> str:
    """The day for the form of a planned version; empty for one in force."""
    if version.effective_from <= now:
        return ""
    return shop.day(version.effective_from).isoformat()


def _moment(editing: Editing, edit: Edit) -> datetime:
    """The beginning of the edit's day where the shop is; now where it names none, or today."""
    plan, day = editing.planned, edit.day
    if edit.keeps_day and editing.of_plan and plan is not None:
        return plan.effective_from  # an edit that does not ask when changes the plan, and not its day
    if day is None:
        return edit.now
    if editing.of_plan and plan is not None and day.isoformat() == day_of(plan, editing.shop, edit.now):
        return plan.effective_from
    today = editing.shop.day(edit.now)
    if not today <= day <= today + FURTHEST:
        raise BadInput(NOT_RIGHT, {ON: Said("frame.wrong.day_ahead")})
    return datetime.combine(day, time(), ZoneInfo(editing.shop.timezone)) if day > today else edit.now

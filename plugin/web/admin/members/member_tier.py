"""A member's tier as the panel shows it: where they stand, what is missing, and every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from plugin.actions.tiers import watch_tiers
from plugin.rules.tiers.placing import Standing
from plugin.rules.words import tiers as tiers_in_words
from plugin.store.members.members import Member
from plugin.store.tiers import tiers as store
from plugin.store.tiers.tiers import TierChange
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form
from plugin.web.current import now, shop
from plugin.web.words import language

CHANGES_SHOWN = 10


@dataclass(frozen=True)
class TierShown:
    """What the page says of the tier."""

    found: Standing
    name: str
    aims: Sequence[str]
    changes: Sequence[TierChange]
    names: Mapping[str, str]
    choices: Sequence[tuple[str, str]]
    points_name: str
    form: Form


def shown(conn: Connection, member: Member, refused: Form | None = None) -> TierShown | None:
    """The tier of one member, with a form that was refused as it was filled in; None where there never were tiers."""
    found = watch_tiers.stands(conn, shop(), member, now())
    if found is None:
        return None
    programme = programmes.current(conn, shop().id, now()).programme
    tiers, currency = programme.tiers, shop().currency
    names = tier_names(conn)
    changes = store.changes(conn, shop().id, [member.id]).get(member.id, [])
    aims = [
        tiers_in_words.aim(
            goal, names[goal.tier], tiers.metric, currency, language(), keep=keep, points_name=programme.points_name
        )
        for goal, keep in ((found.reach, False), (found.keep, True))
        if goal is not None
    ]
    return TierShown(
        found=found,
        name=names.get(found.held.tier, ""),
        aims=aims,
        changes=changes[::-1][:CHANGES_SHOWN],
        names=names,
        choices=[(tier.key, tier.name) for tier in tiers.levels],
        points_name=programme.points_name,
        form=refused if refused and "tier" in refused.values else _form(found),
    )


def _form(found: Standing) -> Form:
    held = found.held
    until = held.pinned_until.isoformat() if held.pinned and held.pinned_until else ""
    return Form({"tier": held.tier if held.pinned else "", "until": until}, {})


def tier_names(conn: Connection) -> dict[str, str]:
    """The newest name of every tier that there ever was, by key."""
    known = programmes.versions(conn, shop().id)
    return {tier.key: tier.name for version in known for tier in version.programme.tiers.levels}


def of_members(conn: Connection, member_ids: Sequence[int]) -> dict[int, str]:
    """The name of each member's tier, for a list; nothing is asked where there never were tiers."""
    names = tier_names(conn)
    if not names:
        return {}
    held = store.states(conn, shop().id, member_ids)
    return {key: names.get(state.held.tier, "") for key, state in held.items() if state.held.tier}

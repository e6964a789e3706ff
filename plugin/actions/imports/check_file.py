"""A file is looked at, step by step, as if it were carried out: what it would do, compared with what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.actions.imports import whom
from plugin.errors import NotFound
from plugin.rules.imports import choices
from plugin.rules.imports.choices import Choices, Shown
from plugin.rules.imports.dates import Seen
from plugin.rules.imports.lines import Problem, Reading, Row
from plugin.rules.imports.whole_numbers import Writing
from plugin.rules.points import adjusting
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.words.texts import Said
from plugin.store.imports import files, people
from plugin.store.imports.files import Import
from plugin.store.members.members import Member
from plugin.store.referrals import referral_aliases
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

LINES: Final = 500
"""Of one part, which is one step: less than a second."""
PARTS_AT_ONCE: Final = 4
PROBLEMS_KEPT: Final = 200
ERASED: Final = Said("members.file.erased")


def begin(conn: Connection, shop: Shop, import_id: int, actor: str, now: datetime, key: bytes) -> None:
    """Look at it from its first line: a short file at once, a long one as a job."""
    people.forget_first_lines(conn, shop.id, import_id)
    files.change(conn, shop.id, import_id, part=0, problems=[])
    for _ in range(PARTS_AT_ONCE):
        if not step(conn, shop, import_id, now, key):
            return
    jobs.queue(conn, shop.id, JobKind.IMPORT_MEMBERS, [import_id], now, {"actor": actor})


def step(conn: Connection, shop: Shop, import_id: int, now: datetime, key: bytes) -> int:
    """Look at the next part of a file that is being looked at; 0 when there is none."""
    file = locked(conn, shop.id, import_id)
    if file.state != "checking":
        return 0
    found = read_part(conn, shop, file, now, key, first=True)
    totals = _added(file.totals, _totals(found))
    problems = [*file.problems, *(kept_problem(each) for each in found.problems)][:PROBLEMS_KEPT]
    part = file.part + 1
    state = "checked" if part >= file.parts else "checking"
    files.change(conn, shop.id, import_id, state=state, part=part, totals=totals, problems=problems)
    return int(state == "checking")


@dataclass(frozen=True, slots=True)
class Part:
    """The good lines of a part, what is wrong with it, the members that its lines mean, and what is chosen.

    `changes` are the points that each line would bring, beginning with what members hold now."""

    rows: Sequence[Row]
    problems: Sequence[Problem]
    known: Mapping[int, Member]
    chosen: Choices
    tiers: Tiers
    changes: Mapping[int, int]
    again: frozenset[int]
    short: int


def read_part(conn: Connection, shop: Shop, file: Import, now: datetime, key: bytes, *, first: bool) -> Part:
    """The part after the last one that is done. `first`: while looking, who stands where is written down."""
    chosen, columns = choices.from_stored(file.choices), shown_of(file)
    reading = Reading(chosen, columns)
    found = [reading.read(line, cells) for line, cells in files.lines_of(conn, shop.id, file.id, file.part + 1)]
    rows = [each for each in found if isinstance(each, Row)]
    problems = [each for each in found if isinstance(each, Problem)]
    erased = whom.forgotten_lines(conn, shop.id, rows, key)
    known = whom.members_of(conn, shop.id, rows)
    left_out = {line: Problem(line, ERASED) for line in erased}
    again = whom.repeated(conn, shop.id, file.id, rows, known, first=first)
    if chosen.points_as == "set":
        left_out |= {line: Problem(line, Said("members.file.again", line=at)) for line, at in again.items()}
    left_out |= {
        row.line: Problem(row.line, Said("members.file.no_account"))
        for row in rows
        if row.excluded and not _has_account(row, known.get(row.line))
    }
    rows = [row for row in rows if row.line not in left_out]
    problems += _taken_words(conn, shop, rows, known) if first else []
    programme = programmes.current(conn, shop.id, now).programme
    problems += [
        *left_out.values(),
        *(each for row in rows for each in _wrong(row, chosen, programme.tiers, shop, now)),
    ]
    changes, short = _changes(rows, known, chosen, programme.below_zero)
    problems.sort(key=lambda each: each.line)
    return Part(rows, problems, known, chosen, programme.tiers, changes, frozenset(again), short)


def _taken_words(conn: Connection, shop: Shop, rows: Sequence[Row], known: Mapping[int, Member]) -> list[Problem]:
    """Codes that lead to somebody else already."""
    words = {row.referral for row in rows if row.referral}
    whose = referral_aliases.whose(conn, shop.id, words) if words else {}
    return [
        Problem(row.line, Said("members.file.referral_taken", text=row.referral), kept=True)
        for row in rows
        if row.referral in whose and whose[row.referral] != (known[row.line].id if row.line in known else None)
    ]


def _has_account(row: Row, member: Member | None) -> bool:
    return row.customer_id is not None or (member is not None and member.customer_id is not None)


def _wrong(row: Row, chosen: Choices, tiers: Tiers, shop: Shop, now: datetime) -> list[Problem]:
    """What is left out of a good line."""
    wrong = list(row.problems)
    if row.tier and tier_of(row.tier, chosen, tiers) is None:
        wrong.append(Problem(row.line, Said("members.file.tier_unknown", text=row.tier), kept=True))
    if row.joined and row.joined > shop.day(now):
        wrong.append(Problem(row.line, Said("members.file.future", text=row.joined.isoformat()), kept=True))
    return wrong


def tier_of(name: str, chosen: Choices, tiers: Tiers) -> str | None:
    """The key of the tier that a name means, as staff chose or by its name; "" for none, None for nobody knows."""
    said = name.casefold()
    for named, key in chosen.tiers.items():
        if named.casefold() == said:
            return key if not key or tiers.named(key) else None
    return next((tier.key for tier in tiers.levels if said in (tier.name.casefold(), tier.key.casefold())), None)


def _changes(
    rows: Sequence[Row], known: Mapping[int, Member], chosen: Choices, below_zero: Any
) -> tuple[dict[int, int], int]:
    """What each line would change, and how many people have less than it takes. Of more lines about one person each
    finds what the one before left."""
    balances: dict[object, int] = {}
    changes: dict[int, int] = {}
    short: set[object] = set()
    for row in rows:
        member = known.get(row.line)
        person: object = member.id if member else whom.who(row)
        have = balances.get(person, member.balance if member else 0)
        asked = change_of(row, have, chosen)
        done = adjusting.effect(asked, have, below_zero).points
        short |= {person} if asked < 0 and have + asked < 0 and chosen.points_as == "add" else set()
        changes[row.line], balances[person] = done, have + done
    return changes, len(short)


def change_of(row: Row, balance: int, chosen: Choices) -> int:
    """The points that a line asks for: to add, or to come to what it says."""
    if row.points is None:
        return 0
    return row.points - balance if chosen.points_as == "set" else row.points


def _totals(found: Part) -> Counter[str]:
    """What one part would do."""
    known = found.known
    of_members = [row for row in found.rows if row.line in known]
    sums: Counter[str] = Counter(
        lines=len(found.rows),
        wrong=sum(not each.kept for each in found.problems),
        left_out=sum(each.kept for each in found.problems),
        new=sum(row.line not in known and row.line not in found.again for row in found.rows),
        known=sum(row.line not in found.again for row in of_members),
        changed=sum(found.changes[row.line] != 0 for row in of_members),
        lowered=sum(found.changes[row.line] < 0 for row in of_members),
        given=sum(change for change in found.changes.values() if change > 0),
        taken=-sum(change for change in found.changes.values() if change < 0),
        sum=sum(row.points or 0 for row in found.rows),
        doubles=sum(0 < known[row.line].balance == row.points for row in of_members),
        held=sum(known[row.line].balance > 0 for row in of_members),
        several=len(found.again),
        short=found.short,
        excluded=sum(row.excluded for row in found.rows),
        birthdays=sum(row.birthday is not None for row in found.rows),
        referrals=sum(bool(row.referral) for row in found.rows),
        joined=sum(row.joined is not None for row in found.rows),
        lifetime=sum(row.lifetime or 0 for row in found.rows),
        names=sum(bool(row.first_name or row.last_name) for row in found.rows),
        languages=sum(bool(row.language) for row in found.rows),
    )
    for row in found.rows:
        if row.tier:
            sums[f"tier:{row.tier}"] += 1
    return sums


_MOST_TIERS = 40


def _added(before: Mapping[str, Any], sums: Counter[str]) -> dict[str, Any]:
    """The totals so far with those of one more part; what tiers are called is counted by name."""
    tiers: Counter[str] = Counter(before.get("tiers", {}))
    plain = {name: int(before.get(name, 0)) + count for name, count in sums.items() if not name.startswith("tier:")}
    known = {name.casefold(): name for name in tiers}
    for name, count in sums.items():
        if name.startswith("tier:"):
            tiers[known.setdefault(name[5:].casefold(), name[5:])] += count
    return {**before, **plain, "tiers": dict(tiers.most_common(_MOST_TIERS))}


def kept_problem(problem: Problem) -> list[object]:
    """What is wrong with a line, in English, and what says it in other languages."""
    return [problem.line, str(problem.what), problem.what.key, dict(problem.what.values), problem.kept]


def shown_of(file: Import) -> tuple[Shown, ...]:
    """What each column shows, as it is stored."""
    return tuple(
        Shown(
            tuple(each.get("samples", ())),
            Writing(**each["writing"]) if each.get("writing") else Writing(),
            Seen(tuple(each["days"]["orders"]), each["days"]["alike"]) if each.get("days") else Seen(),
        )
        for each in file.columns
    )


def locked(conn: Connection, shop_id: int, import_id: int) -> Import:
    """The file, locked; NotFound when it is gone."""
    file = files.get(conn, shop_id, import_id, lock=True)
    if file is None:
        raise NotFound(Said("members.file.gone"))
    return file

"""What staff did, in words: `activity.staff_act.*`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from plugin.rules import subjects
from plugin.rules.names import staff_log
from plugin.rules.words import catalogues
from plugin.store.members.members import Member
from plugin.store.work.activity_pages import StaffAct
from plugin.web import shown
from plugin.web.words import counted, t


def members_in(acts: Iterable[StaffAct]) -> set[int]:
    """The members whom the acts are about."""
    known = list(acts)
    named = staff_log.members_in(act.subject for act in known)
    return named | {act.detail["member"] for act in known if "member" in act.detail}


def files_in(acts: Iterable[StaffAct]) -> set[int]:
    """The files whose numbers the acts name."""
    return {file for act in acts if (file := file_of(act))}


def file_of(act: StaffAct) -> int:
    """The number of the file that an act is about; 0 for none."""
    return int(act.detail.get("id") or 0) if act.action.startswith("import_") and act.action != "import_codes" else 0


def words(act: StaffAct, people: Mapping[int, Member], files: Mapping[int, str] | None = None) -> str:
    """One act; members and files by their names."""
    named_file = (files or {}).get(file_of(act))
    said = _said(replace(act, subject=named_file) if named_file else act, people)
    return t("activity.staff.version", what=said, version=act.detail["version"]) if "version" in act.detail else said


def _said(act: StaffAct, people: Mapping[int, Member]) -> str:
    key, subject = f"activity.staff_act.{act.action}", named(_subject(act), people)
    if not catalogues.knows(key):
        return f"{act.action.replace('_', ' ').capitalize()}: {subject}"
    if catalogues.is_counted(key):
        return counted(key, int(act.detail.get("count") or act.detail.get("members") or 1))
    return t(key, subject=subject, member=_name(int(act.detail.get("member") or 0), people))


def _subject(act: StaffAct) -> str:
    if act.action == "save_counts_from":
        return shown.day(datetime.fromisoformat(act.subject))
    return act.subject


def named(text: str, people: Mapping[int, Member]) -> str:
    """A text with the names of members, and without the marks of what is on a block list."""
    return subjects.without_domain(staff_log.with_members(text, lambda number: _name(number, people)))


def _name(number: int, people: Mapping[int, Member]) -> str:
    member = people.get(number)
    return member.name if member is not None and member.state != "erased" else str(staff_log.Member(number))

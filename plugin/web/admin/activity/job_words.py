"""Jobs in words, `activity.job.*`: what is to be done, and with what or for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugin.rules.message_kinds import LABELS
from plugin.rules.words import catalogues
from plugin.store.members.members import Member
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.job_subjects import About
from plugin.store.work.jobs import Job
from plugin.web.words import t


@dataclass(frozen=True)
class Words:
    """A job in words; `member` is whom it is about."""

    text: str
    member: Member | None


def words(job: Job, about: About, people: Mapping[int, Member]) -> Words:
    """What the job does; a kind that only another version knows is shown as its name."""
    name = LABELS.get(about.name, about.name) if job.kind == JobKind.SEND_MESSAGE else about.name
    key = f"activity.job.{job.kind}"
    unknown = job.kind.replace("_", " ").capitalize()
    text = t(key, name=name or job.subject) if catalogues.knows(key) else unknown
    return Words(text, people.get(about.member_id) if about.member_id is not None else None)

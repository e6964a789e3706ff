"""What the emails about activities have in common: the record, and what the programme calls it."""

from __future__ import annotations

from plugin.messages.head import head
from plugin.messages.kind import Occasion
from plugin.messages.news import PointsNews
from plugin.rules import subjects
from plugin.store.activities import activities
from plugin.store.versions import programmes
from plugin.store.work.messages import Message


def about_record(occasion: Occasion) -> PointsNews | None:
    """The record of a message (`activity:ID`) with its points; None when it is gone, or counts for nothing."""
    record = occasion.together("record", activities.by_ids, _record_id)
    if record is None or record.points <= 0 or record.member_id != occasion.member.id:
        return None
    return PointsNews(
        **head(occasion.shop, occasion.member),
        points_name=occasion.programme.points_name,
        points=record.points,
        activity=_named(occasion, record.activity),
        year=occasion.member.joined_at.astimezone(occasion.shop.zone).year,
    )


def _record_id(message: Message) -> int:
    return subjects.Activity.parse(message.subject).record_id


def _named(occasion: Occasion, activity: str) -> str:
    """Its name in the newest rules that had it."""
    begun = programmes.begun(occasion.versions, occasion.now)
    known = (one for version in reversed(begun) for one in version.programme.activities if one.id == activity)
    return next((one.name for one in known), "")

"""Points that staff gave, with what they wrote."""

from __future__ import annotations

from dataclasses import replace

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.news import PointsNews
from plugin.rules.subjects import ByHand, ImportedFile, ImportedFor
from plugin.store.points import corrections
from plugin.store.work.messages import Message


def build(occasion: Occasion) -> PointsNews | None:
    """What one form of staff gave (`staff:KEY`), or a file (`import:FILE:MEMBER`); None when it was undone."""
    given = occasion.together("given", corrections.told, _about)
    if given is None or given.points <= 0:
        return None
    return PointsNews(
        **head(occasion.shop, occasion.member),
        points_name=occasion.programme.points_name,
        points=given.points,
        note=given.note,
    )


def _about(message: Message) -> tuple[int, str]:
    if ImportedFor.begins(message.subject):
        return message.member_id, str(ImportedFile(ImportedFor.parse(message.subject).import_id))
    return message.member_id, str(ByHand.parse(message.subject))


def samples(shop: SampleShop) -> tuple[PointsNews, ...]:
    """With a word from staff; then without."""
    given = PointsNews(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        points=50,
        note=shop.said("note"),
    )
    return given, replace(given, note="", first_name="")


MAIL = Kind(build, samples)

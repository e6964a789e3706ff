"""The forms by which staff act on many members: for whom, what, and on which terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from werkzeug.datastructures import MultiDict

from plugin.actions.tiers.watch_tiers import checked
from plugin.errors import BadInput
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.programme import Programme
from plugin.rules.rewards import kinds
from plugin.rules.words.texts import Said
from plugin.store.members.member_list import Wanted
from plugin.web.forms.members import correction, tier_by_hand
from plugin.web.forms.members import filters as member_filters
from plugin.web.forms.members.filters import Filters

ACTS: Final = ("points", "tier", "tag", "reward", "export")
MOST_TICKED: Final = 1000
LONGEST_TAG: Final = 40
_TELLS: Final = ("points", "tier", "reward")


@dataclass(frozen=True, slots=True)
class Whom:
    """Who was chosen: the ticked ones, or, where `ids` is None, all whom the filters leave."""

    ids: Sequence[int] | None
    filters: Filters
    up_to: int

    @property
    def wanted(self) -> Wanted | Sequence[int]:
        """The same as the act keeps it."""
        return self.filters.for_all(self.up_to) if self.ids is None else self.ids

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The same for the next form."""
        ticked = [("id", str(number)) for number in self.ids or ()]
        whom = ("whom", "all" if self.ids is None else "ticked")
        return [*self.filters.kept.items(), ("up_to", str(self.up_to)), whom, *ticked]


def whom(form: MultiDict[str, str], today: date) -> Whom:
    """Who was chosen; BadInput where nobody was ticked."""
    filters = member_filters.read(form, today)
    up_to = int(form["up_to"]) if _is_number(form.get("up_to", "")) else 0
    if form.get("whom") == "all":
        return Whom(None, filters, up_to)
    ids = sorted({int(text) for text in form.getlist("id")[:MOST_TICKED] if _is_number(text)})
    if not ids:
        raise BadInput(Said("members.bulk.error.nobody"))
    return Whom(ids, filters, up_to)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def act(form: Mapping[str, str]) -> str:
    """What is to be done; BadInput for what is not offered."""
    found = form.get("act", "")
    if found not in ACTS:
        raise BadInput(Said("members.bulk.error.act"))
    return found


def terms(what: str, form: Mapping[str, str], programme: Programme, today: date) -> dict[str, object]:
    """On which terms; BadInput names the field."""
    found = {"points": _points, "tier": _tier, "tag": _tag, "reward": _reward}[what](form, programme, today)
    return {**found, "tell": form.get("tell") == "yes"} if what in _TELLS else found


def _points(form: Mapping[str, str], programme: Programme, today: date) -> dict[str, object]:
    asked = correction.read(0, "", form)
    return {"points": asked.points, "kind": asked.kind, "note": asked.note, "shown": asked.shown}


def _tier(form: Mapping[str, str], programme: Programme, today: date) -> dict[str, object]:
    asked = tier_by_hand.read(form)
    if programme.tiers.named(asked.tier) is None:
        raise BadInput(NOT_RIGHT, {"tier": Said("members.error.tier")})
    until = checked(asked.until, today)
    return {"tier": asked.tier, "until": until.isoformat() if until else "", "note": asked.note}


def _tag(form: Mapping[str, str], programme: Programme, today: date) -> dict[str, object]:
    tag = re.sub(r"\s+", " ", form.get("tag", "")).strip()
    if not 0 < len(tag) <= LONGEST_TAG or "," in tag or not tag.isprintable():
        raise BadInput(NOT_RIGHT, {"tag": Said("members.bulk.error.tag", most=LONGEST_TAG)})
    return {"tag": tag, "how": "remove" if form.get("how") == "remove" else "add"}


def _reward(form: Mapping[str, str], programme: Programme, today: date) -> dict[str, object]:
    reward = kinds.find(programme.rewards, form.get("reward", ""))
    if reward is None:
        raise BadInput(NOT_RIGHT, {"reward": Said("members.error.no_reward")})
    note = " ".join(form.get("note", "").split())[: tier_by_hand.LONGEST_NOTE]
    return {"reward": reward.id, "name": reward.name, "note": note}

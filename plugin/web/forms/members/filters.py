"""What the list of members is narrowed and sorted by, as an address, a form or a saved view says it.

Nonsense counts as nothing: a filter that cannot be understood leaves nobody out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from plugin.store.members.member_list import BOUGHT, CONSENTS, SORTS, SOURCES, UNKNOWN, WHO, Wanted
from plugin.web.current import shop

EVERYBODY: Final = "all"
FIELDS: Final = (
    "who", "tier", "points_from", "points_to", "ordered_within", "idle", "joined_within", "bought", "source",
    "language", "consent",
)  # fmt: skip
"""What narrows; who is listed where nothing is said are members, without guests, invited friends and who left."""
LONGEST_TEXT: Final = 60
MOST_DAYS: Final = 36_500


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for: `values` are the filters that are set, as links carry them on."""

    wanted: Wanted
    values: Mapping[str, str]
    sort: str
    rising: bool

    @property
    def kept(self) -> dict[str, str]:
        """The same with the order, as far as it is not the usual one."""
        more = {} if self.sort == "activity" else {"sort": self.sort}
        return {**self.values, **more, **({"way": "up"} if self.rising else {})}

    @property
    def narrowed(self) -> bool:
        """Whether anything but who is chosen."""
        return any(name != "who" for name in self.values)

    def for_all(self, up_to: int) -> Wanted:
        """Whom an act on all of them is for: nobody who came since it was looked at."""
        return replace(self.wanted, up_to=up_to)


def read(asked: Mapping[str, str], today: date) -> Filters:
    """The filters that an address, a form or a saved view holds; `today` is the day in the shop."""
    said = {name: asked.get(name, "").replace("\0", "").strip()[:LONGEST_TEXT] for name in (*FIELDS, "sort", "way")}
    values = {name: said[name] for name in FIELDS if _means(name, said[name])}
    within, idle = _number(values.get("ordered_within")), _number(values.get("idle"))
    joined = _number(values.get("joined_within"))
    who = values.get("who", "member")
    wanted = Wanted(
        who="" if who == EVERYBODY else who,
        tier=values.get("tier", ""),
        points_from=_number(values.get("points_from")),
        points_to=_number(values.get("points_to")),
        ordered_from=None if within is None else today - timedelta(days=within),
        ordered_to=None if idle is None else today - timedelta(days=idle),
        joined_from=None if joined is None else today - timedelta(days=joined - 1),
        zone=shop().zone.key,
        bought=values.get("bought", ""),
        source=values.get("source", ""),
        language=values.get("language", ""),
        consent=values.get("consent", ""),
    )
    sort = said["sort"] if said["sort"] in SORTS else "activity"
    return Filters(wanted, values, sort, said["way"] == "up")


_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "who": (*WHO, EVERYBODY),
    "bought": tuple(BOUGHT),
    "source": (*SOURCES, UNKNOWN),
    "consent": (*CONSENTS, UNKNOWN),
}
_DAYS: Final = ("ordered_within", "idle", "joined_within")
_POINTS: Final = ("points_from", "points_to")


def _means(name: str, text: str) -> bool:
    """Whether this is a filter that can be understood, and narrows."""
    if name in _CHOICES:
        return text in _CHOICES[name] and (name, text) != ("who", "member")
    if name in _DAYS:
        return (number := _number(text)) is not None and 0 <= number <= MOST_DAYS
    if name in _POINTS:
        return _number(text) is not None
    return bool(text)


def _number(text: str | None) -> int | None:
    """A whole number as people type it, also below nought."""
    bare = (text or "").replace(",", "").replace(" ", "").replace("−", "-").removeprefix("+")
    digits = bare.removeprefix("-")
    return int(bare) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None

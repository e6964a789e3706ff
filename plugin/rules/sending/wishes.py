"""Which emails members can refuse, and what a refusal covers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from plugin.rules.emails.about_kinds import Confirmation
from plugin.rules.emails.kind_settings import switched_on
from plugin.rules.message_kinds import MessageKind
from plugin.rules.reach import PROMOTIONAL


def refusable(kind: MessageKind) -> bool:
    """Whether members can refuse it: what they ask for themselves, and what is about their orders, always goes."""
    about = kind.about
    return not about.always and (about.optional or about.nature != "transactional")


def promotional(kind: MessageKind) -> bool:
    """Whether it goes only, or now and then, to those who agreed to marketing."""
    return kind.about.nature != "transactional"


def refused_by_a_click(kind: MessageKind) -> tuple[str, ...]:
    """What one click on "Unsubscribe" in such an email ends: of promotional ones everything promotional, for whoever
    clicks there means the sender, and nobody should have to click once for each kind; of the others that kind."""
    if not refusable(kind):
        return ()
    return (kind, PROMOTIONAL) if promotional(kind) else (kind,)


REFUSABLE: Final[tuple[MessageKind, ...]] = tuple(kind for kind in MessageKind if refusable(kind))
"""What the page of preferences offers, in the order of the list."""
OPTIONAL: Final = tuple(kind for kind in REFUSABLE if kind.about.optional)
"""Those in which the programme tells of itself."""
OFFERS: Final = tuple(kind for kind in REFUSABLE if not kind.about.optional)
"""Those that go only to who agreed to marketing."""


def offered(
    settings: Mapping[str, Any], confirmation: Confirmation, refused: Collection[str]
) -> frozenset[MessageKind]:
    """What a member's page lists: the kinds that the shop sends, and those that they refused already."""
    return frozenset(
        kind for kind in REFUSABLE if kind in refused or (kind.goes_with(confirmation) and switched_on(settings, kind))
    )


def wanted(kind: MessageKind, refused: Collection[str], *, no_emails: bool = False) -> bool:
    """Whether a member wants emails of the kind, as their page shows it."""
    return kind not in refused and not (no_emails and kind.about.optional)

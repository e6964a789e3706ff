"""Every kind of email, by what it is about: whether it is the shop's own, and who changed it last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask, Response

from plugin.messages.apart import ROOM
from plugin.rules.emails.kind_settings import switched_on
from plugin.rules.message_kinds import MessageKind
from plugin.store.emails import drafts, versions
from plugin.store.emails.drafts import Draft
from plugin.store.emails.versions import EmailVersion
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import page
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "orders": ("order_", "code_", "thank", "cart_"),
    "points": ("points_", "claim", "statement", "activity"),
    "rewards": ("reward", "gift", "redeem"),
    "tiers": ("tier_",),
    "referrals": ("referral", "invit", "friend"),
    "members": ("",),
}
"""What kinds are about, by how their names begin; the first that fits. The words are `messages.emails.group.<name>`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind as the page lists it."""

    kind: MessageKind
    version: EmailVersion | None
    draft: Draft | None
    off: bool

    @property
    def own(self) -> bool:
        """Whether what is sent is the shop's own."""
        return self.version is not None and self.version.content is not None

    @property
    def promotional(self) -> bool:
        """Whether it only goes to those who agreed to marketing."""
        return self.kind.about.nature == "promotional"

    @property
    def changed_at(self) -> datetime | None:
        """When it was last changed or published."""
        return self.draft.saved_at if self.draft else self.version.created_at if self.version else None

    @property
    def changed_by(self) -> str:
        """Who did."""
        return self.draft.author if self.draft else self.version.author if self.version else ""


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/messages/emails", view_func=emails)


@caller("session", reads="nothing")
def emails() -> Response:
    """All kinds, grouped. What renders previews is started meanwhile."""
    ROOM.begin()
    with transaction() as conn:
        published, begun = versions.newest(conn, shop().id), drafts.all_of(conn, shop().id)
        confirmation = programmes.current(conn, shop().id, now()).programme.confirmation
    groups: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for kind in MessageKind:
        goes = kind.goes_with(confirmation) and switched_on(shop().settings, kind)
        row = Row(kind, published.get(kind), begun.get(kind), not goes)
        groups[_group(kind)].append(row)
    return page("admin/messages/emails.html", groups={name: rows for name, rows in groups.items() if rows})


def _group(kind: MessageKind) -> str:
    return next(name for name, begins in GROUPS.items() if kind.value.startswith(begins))

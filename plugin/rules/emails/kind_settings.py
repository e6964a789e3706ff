"""What a shop chose for each kind of email: whether it goes at all, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from plugin.rules.message_kinds import MessageKind

STORED_AS: Final = "emails"
"""Under this name in the shop's settings, by kind."""


def switched_on(settings: Mapping[str, Any], kind: MessageKind) -> bool:
    """Whether emails of the kind go, by the shop's settings; else as its entry says.

    >>> switched_on({}, MessageKind.WELCOME), switched_on({"emails": {"welcome": {"on": False}}}, MessageKind.WELCOME)
    (True, False)
    """
    chosen = _chosen(settings, kind).get("on")
    return kind.about.on if chosen is None else bool(chosen)


def figure(settings: Mapping[str, Any], kind: MessageKind, name: str, otherwise: int) -> int:
    """A whole number that the shop chose for the kind ("days"), or the usual one."""
    chosen = _chosen(settings, kind).get(name)
    return otherwise if chosen is None else int(chosen)


def _chosen(settings: Mapping[str, Any], kind: MessageKind) -> Mapping[str, Any]:
    found: Mapping[str, Any] = settings.get(STORED_AS, {}).get(kind, {})
    return found

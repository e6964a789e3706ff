"""Every kind of email, from its folder: `plugin/messages/<kind>/mail.py` calls it `MAIL`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from plugin.messages.kind import Kind
from plugin.rules.message_kinds import MessageKind


def _of(kind: MessageKind) -> Kind:
    found = import_module(f"{__package__}.{kind}.mail").MAIL
    if not isinstance(found, Kind):
        raise TypeError(f"MAIL of {kind} is not a Kind")
    return found


KINDS: Final[Mapping[MessageKind, Kind]] = {kind: _of(kind) for kind in MessageKind}

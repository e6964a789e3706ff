"""The key under which people are remembered as forgotten: made once, kept encrypted, the same for ever."""

from __future__ import annotations

from sqlalchemy import Engine

from plugin.actions.shops.own_keys import FORGETTING, kept_key
from plugin.settings import Settings


def forgetting_key(engine: Engine, settings: Settings) -> bytes:
    """The key; SettingsError where ENCRYPTION_KEYS no longer opens it, for a new one would remember nobody."""
    return kept_key(engine, settings, FORGETTING)

"""The keys that stored secrets are under: known again at each start, changed step by step, given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Engine

from plugin.errors import SettingsError, Unavailable, Unreadable
from plugin.observe import get_logger
from plugin.settings import Settings
from plugin.store.database.db import create_engine, shop_transaction, system_transaction
from plugin.store.shops import seal, secret_keys, shops
from plugin.store.shops.seal import Seal
from plugin.store.shops.secret_keys import KEPT, Kept, Step

log = get_logger()
LOOKED_AT = 50
"""Shops whose tokens are tried where no key is known yet."""
MISSING = (
    "ENCRYPTION_KEYS lacks a key that stored secrets are under (gift-card codes, partners' codes, tokens)."
    " Put it back behind the new one, restart, and run `suki secrets rotate` before you remove it."
    " If it is lost for good, `suki secrets lost` gives up what only it can read."
)


@dataclass(slots=True)
class Report:
    """By column: secrets sealed anew, still under an older key, and those that no given key can read."""

    renewed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)

    def add(self, kept: Kept, step: Step) -> None:
        """Count one step."""
        name = f"{kept.table}.{kept.column}"
        self.renewed[name] += step.renewed
        self.left[name] += step.left
        self.unreadable[name] += step.unreadable

    @property
    def done(self) -> bool:
        """Whether everything is under the newest key."""
        return not self.left.total() and not self.unreadable.total()


def check_at_start(settings: Settings) -> None:
    """Refuse to start without a key that is needed, and say so; a database that is away is not a reason."""
    engine = create_engine(settings, "suki-start", pool_size=1)
    try:
        check(engine, settings)
    except Unavailable as error:
        log.warning("keys_not_checked", why=error.message)
    except SettingsError as error:
        log.error("keys_missing", why=error.message)
        raise
    finally:
        engine.dispose()


def check(engine: Engine, settings: Settings) -> None:
    """Write down the newest key. SettingsError: a key that is needed is not given.

    Nothing is read but a few rows: whether each secret can be read, `suki secrets rotate` says.
    """
    keys = Seal.of(settings)
    with system_transaction(engine) as conn:
        if not secret_keys.there(conn):
            return
        known = secret_keys.known(conn)
    if not all(keys.proves(proof) for proof in known.values()) or (not known and _none_readable(engine, keys)):
        raise SettingsError(MISSING)
    with system_transaction(engine) as conn:
        for name, key in zip(keys.names, settings.encryption_key_list, strict=True):
            if name == keys.names[0] or not known:  # an older version may have used any of them
                secret_keys.add(conn, name, Seal([key]).proof())


def _none_readable(engine: Engine, keys: Seal) -> bool:
    """Whether there are tokens, and none of those looked at can be read."""
    with system_transaction(engine) as conn:
        some = [shop.id for shop in shops.everyone(conn)][-LOOKED_AT:]
    tried = []
    for shop_id in some:
        with shop_transaction(engine, shop_id) as conn:
            pair = shops.tokens(conn, shop_id)
        if pair is not None:
            tried.append(_readable(keys, pair.access_token, seal.of_token("access_token", shop_id)))
    return bool(tried) and not any(tried)


def _readable(keys: Seal, value: bytes, where: str) -> bool:
    try:
        keys.open(value, where)
    except Unreadable:
        return False
    return True


def rotate(engine: Engine, settings: Settings, told: Callable[[str, int], None] = lambda _, __: None) -> Report:
    """Seal everything anew that is not under the newest key, a step to a transaction, and count what is left.

    May be stopped at any time and begun again: what is done stays done. Where nothing is left, older keys are no
    longer asked for at a start.
    """
    report = Report()
    keys = Seal.of(settings)
    with system_transaction(engine) as conn:
        secret_keys.add(conn, keys.names[0], Seal([settings.encryption_key_list[0]]).proof())
    for kept, step in _steps(engine, renew=True):
        report.add(kept, step)
        told(f"{kept.table}.{kept.column}", step.renewed)
    after = count(engine)
    report.left, report.unreadable = after.left, after.unreadable
    if report.done:
        with system_transaction(engine) as conn:
            secret_keys.forget_but(conn, keys.names[:1])
    return report


def count(engine: Engine) -> Report:
    """What is under an older key, or under none that is given; changes nothing."""
    report = Report()
    for kept, step in _steps(engine, renew=False):
        report.add(kept, step)
    return report


def _steps(engine: Engine, *, renew: bool) -> Iterator[tuple[Kept, Step]]:
    """Every row with a secret, of every shop, a step at a time."""
    with system_transaction(engine) as conn:
        everyone = [shop.id for shop in shops.everyone(conn)]
    for kept in KEPT:
        for shop_id in everyone if kept.of_shops else [0]:
            after = kept.start
            while True:
                with shop_transaction(engine, shop_id) as conn:
                    done = secret_keys.step(conn, kept, shop_id, after, renew=renew)
                yield kept, done
                if done.last is None:
                    break
                after = done.last


def give_up_lost(engine: Engine, settings: Settings) -> int:
    """Start without the keys that are lost; what only they can read stays unreadable. Answers how many keys."""
    with system_transaction(engine) as conn:
        return secret_keys.forget_but(conn, Seal.of(settings).names)

"""Trouble on demand. Shares are between 0 (never) and 1 (always)."""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass, fields


@dataclass
class Settings:
    """Every switch; the page /trouble shows them with these comments."""

    webhook_duplicate: float = 0.0  # the same delivery once more, with the same webhook id
    webhook_shuffle_seconds: float = 0.0  # each delivery waits up to this long, so the order changes
    webhook_delay_seconds: float = 0.0  # every delivery waits this long
    webhook_loss: float = 0.0  # never sent
    webhook_malformed: float = 0.0  # one more delivery with half a body, rightly signed
    webhook_wrong_hmac: float = 0.0  # one more delivery with a signature of somebody else
    graphql_throttle: float = 0.0  # answers THROTTLED whatever the bucket holds
    graphql_5xx: float = 0.0  # answers 502 and does nothing
    graphql_401: float = 0.0  # says that the token is not valid
    graphql_hang: float = 0.0  # does nothing for graphql_hang_seconds, then answers 504
    graphql_hang_seconds: float = 30.0  # how long a hanging call hangs
    graphql_slow_seconds: float = 0.0  # every call takes this much longer
    graphql_lost_answer: float = 0.0  # does what was asked, then drops the connection
    graphql_lost_write: float = 0.0  # the same, but for mutations only: what is asked is answered
    graphql_never_came: float = 0.0  # drops the connection of a mutation, and does nothing
    bulk_never_done: float = 0.0  # many codes asked for at once stay under way for ever
    bulk_query_fails: float = 0.0  # a bulk query ends half way, and leaves what it had
    bulk_forgotten: float = 0.0  # many codes asked for at once: whoever asks how far they are hears that nobody did
    token_5xx: float = 0.0  # token exchange and refresh answer 503
    token_403: float = 0.0  # token exchange and refresh are forbidden
    smtp_refuse: float = 0.0  # recipients are refused for good (550)
    smtp_temporary: float = 0.0  # recipients are refused for now (451)
    smtp_hang: float = 0.0  # no answer to DATA for smtp_hang_seconds
    smtp_hang_seconds: float = 30.0  # how long a hanging mail hangs
    smtp_drop: float = 0.0  # takes the mail, then drops the connection before the answer
    checkout_code_ignored: float = 0.0  # a code that an extension adds is a success, and takes nothing off
    checkout_code_error: float = 0.0  # adding a code from an extension is an error
    checkout_instructions_forbid: float = 0.0  # extensions may not change codes in a checkout
    surface_token_expired: float = 0.0  # the tokens that surfaces give to extensions are an hour old
    surface_slow_seconds: float = 0.0  # each call of an extension to the app waits so long first
    till_offline: float = 0.0  # the till has no connection
    till_no_access: float = 0.0  # who uses the till may not use the app: it gives no tokens


class Trouble:
    """The switches, and the dice."""

    def __init__(self, seed: int = 1) -> None:
        self.settings = Settings()
        self.lock = threading.Lock()
        self.dice = random.Random(seed)
        self.counts: dict[str, int] = {}

    def set(self, **values: float) -> None:
        """Turn switches; an unknown name is a TypeError, a value that is no number a ValueError."""
        known = {field.name for field in fields(Settings)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise TypeError(f"no such switch: {', '.join(unknown)}")
        for name, value in values.items():
            setattr(self.settings, name, max(0.0, float(value)))

    def calm(self) -> None:
        """Everything works again."""
        self.settings = Settings()

    def strikes(self, name: str) -> bool:
        """Whether trouble of this kind happens now."""
        chance = float(getattr(self.settings, name))
        if chance <= 0:
            return False
        with self.lock:
            hit = chance >= 1 or self.dice.random() < chance
            self.counts[name] = self.counts.get(name, 0) + hit
        return hit

    def wait_seconds(self) -> float:
        """How long a delivery is held back."""
        with self.lock:
            spread = self.dice.random() * self.settings.webhook_shuffle_seconds
        return self.settings.webhook_delay_seconds + spread

    def as_dict(self) -> dict[str, float]:
        """All switches by name."""
        return asdict(self.settings)

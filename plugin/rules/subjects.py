"""What entries, messages, jobs, redemptions and their like are about: every form of subject, in one list.

Each is a frozen value: `str()` writes it as it is stored, `parse` reads it, and either refuses what is no such
subject. Nobody else puts such a text together or takes one apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from plugin.rules.names.subject_grammar import Rest, Subject, Word

FORGIVEN = "forgiven"


@dataclass(frozen=True, slots=True)
class Order(Subject):
    """An order: of its entries, its code, its mails, its cashback, and of the gifts that it is the occasion of."""

    WORD = "order"
    order_id: int


@dataclass(frozen=True, slots=True)
class Redemption(Subject):
    """A redemption: of its entries, its store credit, and the mail that it is done."""

    WORD = "redemption"
    redemption_id: int


@dataclass(frozen=True, slots=True)
class Expiry(Subject):
    """What a lot lost at its end, or was given back after it."""

    WORD = "expiry"
    lot_id: int


@dataclass(frozen=True, slots=True)
class Entry(Subject):
    """An entry of the ledger: of the mail that it was the first to cause."""

    WORD = "entry"
    entry_id: int


@dataclass(frozen=True, slots=True)
class ByHand(Subject):
    """Points that staff gave or took, by the key of the form they did it with."""

    WORD = "staff"
    key: Rest


@dataclass(frozen=True, slots=True)
class ImportedFile(Subject):
    """A file of members that was imported."""

    WORD = "import"
    import_id: int


@dataclass(frozen=True, slots=True)
class ImportedFor(Subject):
    """What a file brought one member: of the mail that says so."""

    WORD = "import"
    import_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class Merge(Subject):
    """Two members who became one: the lower number first."""

    WORD = "merge"
    lower: int
    higher: int


@dataclass(frozen=True, slots=True)
class Welcome(Subject):
    """The points that a member begins with."""

    WORD = "welcome"


@dataclass(frozen=True, slots=True)
class Activity(Subject):
    """An activity that was recorded."""

    WORD = "activity"
    record_id: int


@dataclass(frozen=True, slots=True)
class Milestone(Subject):
    """A milestone's points; each member has it once."""

    WORD = "milestone"
    rule: Word


@dataclass(frozen=True, slots=True)
class Automatic(Subject):
    """An automatic rule's points, for one occasion: an order, a year, a tier's cycle."""

    WORD = "automatic"
    rule: Word
    occasion: Rest


@dataclass(frozen=True, slots=True)
class TierBonus(Subject):
    """A tier's bonus: `once`, or for a calendar year."""

    WORD = "tier"
    tier: Word
    cycle: Word


@dataclass(frozen=True, slots=True)
class Tier(Subject):
    """A tier: of the events that a member is about to lose it."""

    WORD = "tier"
    tier: Word


@dataclass(frozen=True, slots=True)
class TierNews(Subject):
    """News of a tier: reached on a day; or about to end on it, so many days before (0: it has ended)."""

    WORD = "tier"
    member_id: int
    tier: Word
    day: date
    days_before: int | None = None

    @classmethod
    def of_tier(cls, tier: str) -> str:
        """All news of one tier, as a pattern for LIKE."""
        return cls.GAP.join((cls.WORD, "%", tier, "%"))


@dataclass(frozen=True, slots=True)
class LotEnding(Subject):
    """The nth warning that a lot ends, to the second; it speaks of everything that ends then."""

    WORD = "lot"
    lot_id: int
    ends_at: datetime
    warning: int


@dataclass(frozen=True, slots=True)
class Gift(Subject):
    """A gift by a rule, the nth time that it was given."""

    WORD = "gift"
    gift_id: int
    round: int


@dataclass(frozen=True, slots=True)
class Referral(Subject):
    """A referral; with a number, the nth reward for it, or how much of it had been given before a mail."""

    WORD = "referral"
    referral_id: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Member(Subject):
    """A member: of the welcome mail, of what is done once for each, and on the block list."""

    WORD = "member"
    member_id: int


@dataclass(frozen=True, slots=True)
class Domain(Subject):
    """Everybody whose address is at a domain, on the block list."""

    WORD = "domain"
    name: Rest


@dataclass(frozen=True, slots=True)
class Step(Subject):
    """A link that a member confirms something with."""

    WORD = "step"
    step_id: int


@dataclass(frozen=True, slots=True)
class Asked(Subject):
    """A redemption that a member asked for, by the key of who asked: the same key is the same redemption."""

    member_id: int
    key: Rest


@dataclass(frozen=True, slots=True)
class OwnCopy(Subject):
    """A member's own copy of their data, by when they asked for it."""

    member_id: int
    asked_at: Rest

    @classmethod
    def of_member(cls, member_id: int) -> str:
        """How all of one member begin."""
        return f"{member_id}{cls.GAP}"


@dataclass(frozen=True, slots=True)
class Yearly(Subject):
    """What a member earns with once a year: a birthday, an anniversary."""

    member_id: int
    year: int


@dataclass(frozen=True, slots=True)
class SocialDeed(Subject):
    """A deed on a social network, by which its limits are counted."""

    WORD = "social"
    network: Word
    deed: Word


@dataclass(frozen=True, slots=True)
class SurveyAnswer(Subject):
    """An answer to the shop's question."""

    WORD = "answer"
    asked_id: int


@dataclass(frozen=True, slots=True)
class SurveyPoints(Subject):
    """Points for answering, once a person and period, whatever was answered."""

    WORD = "answered"
    period: Word
    member_id: int


@dataclass(frozen=True, slots=True)
class PendingRefund(Subject):
    """A look at an order of which a refund is on its way, so many hours after it was made."""

    order_id: int
    hours: int


@dataclass(frozen=True, slots=True)
class SetCode(Subject):
    """One code of a set: what its name is derived from."""

    WORD = "set"
    set_id: int
    number: int


@dataclass(frozen=True, slots=True)
class ReplayedErasure(Subject):
    """An erasure that is carried out again after a backup was restored."""

    WORD = "replay"
    of: Rest


@dataclass(frozen=True, slots=True)
class OwnDelivery(Subject):
    """A delivery that we made ourselves of an order that was fetched: by its state, and when it was fetched."""

    WORD = "suki"
    order_id: int
    state: Rest

    @classmethod
    def fetched(cls, order_id: int, updated_at: str, at: datetime) -> Self:
        """Of an order in this state, fetched at a moment, to the millisecond."""
        return cls(order_id, f"{updated_at}{cls.GAP}{int(at.timestamp() * 1000)}")


def forgiven(subject: object) -> str:
    """Of what a clawback could not take, and what of it was set off later: a subject beside that of the clawback."""
    return f"{subject}{Subject.GAP}{FORGIVEN}"


def told_apart(text: str) -> tuple[str, str]:
    """The word that a subject begins with, and the rest: enough to say what kind of thing it is about."""
    word, _, rest = text.partition(Subject.GAP)
    return word, rest


def without_domain(text: str) -> str:
    """What is on a block list, for people to read: a domain without the word before it."""
    return text.removeprefix(Domain.prefix())

"""What is done one after the other, or only so often: the names by which whoever does it waits or is counted."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.rules.names.subject_grammar import Rest, Subject, Word


@dataclass(frozen=True, slots=True)
class ClaimsOfLink(Subject):
    """Claims of one invitation, by the word of its link."""

    WORD = "link"
    word: Rest


@dataclass(frozen=True, slots=True)
class UsesOfReward(Subject):
    """Uses of one reward that is limited in total."""

    WORD = "reward"
    reward: Rest


@dataclass(frozen=True, slots=True)
class CreditOfMember(Subject):
    """Movements of one member's store credit."""

    WORD = "credits"
    member_id: int


@dataclass(frozen=True, slots=True)
class ClaimsFrom(Subject):
    """Codes that were asked for from one address of the internet."""

    WORD = "claim:from"
    place: Rest


@dataclass(frozen=True, slots=True)
class ClaimsOfAdvocate(Subject):
    """Codes that were asked for by one advocate's link."""

    WORD = "claim:link"
    member_id: int


@dataclass(frozen=True, slots=True)
class Redeeming(Subject):
    """Rewards that one member took themselves."""

    WORD = "redeem"
    member_id: int


@dataclass(frozen=True, slots=True)
class Refused(Subject):
    """Rewards that one member took, and their carts did not."""

    WORD = "refused"
    member_id: int


@dataclass(frozen=True, slots=True)
class Confirming(Subject):
    """Links to confirm something with that one member was sent."""

    WORD = "step"
    member_id: int


@dataclass(frozen=True, slots=True)
class Posting(Subject):
    """Forms that one customer sent."""

    WORD = "post"
    customer_id: int


@dataclass(frozen=True, slots=True)
class ActByKey(Subject):
    """One act, by the key of the answer that it was offered in: once."""

    WORD = "once"
    key: Rest


@dataclass(frozen=True, slots=True)
class Acting(Subject):
    """Acts of one customer on surfaces of Shopify's that ask the shopper API."""

    WORD = "act"
    customer_id: int


@dataclass(frozen=True, slots=True)
class ActingUnknown(Subject):
    """Acts of somebody who is nobody's customer, by a mark of what proved them."""

    WORD = "act:unknown"
    mark: Rest


@dataclass(frozen=True, slots=True)
class ChangesOfEmail(Subject):
    """Savings and publishings of one kind of email."""

    WORD = "email"
    kind: Word


@dataclass(frozen=True, slots=True)
class TestEmails(Subject):
    """Test emails that one of the staff sent themselves."""

    WORD = "test:email"
    account: Word

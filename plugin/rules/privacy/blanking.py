"""Take somebody out of a body that is about somebody else: the values that name them, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from plugin.rules.referrals.referral_marks import digits

EMPTIED = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What a person is called by: customer numbers, addresses in their plain form, telephones in any."""

    customers: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, customers: Iterable[int], emails: Iterable[str], phones: Iterable[str]) -> Names:
        """The same, of whatever is at hand."""
        numbers = frozenset(filter(None, map(digits, phones)))
        return cls(frozenset(customers), frozenset(filter(None, emails)), numbers)

    def named_by(self, value: object) -> bool:
        """Whether one value of a body is a name of theirs, or a text that holds their address."""
        if isinstance(value, str):
            text = value.casefold()
            return any(_holds(text, email) for email in self.emails) or digits_only(value) in self.phones
        return type(value) is int and value in self.customers

    def named_in(self, text: str) -> bool:
        """Whether a text, of whatever form, holds one of the names."""
        said = text.casefold()
        numbers = [str(number) for number in self.customers]
        return any(_holds(said, word) for word in (*self.emails, *numbers))


def digits_only(value: str) -> str:
    """The digits that decide of a value that is a telephone number and nothing else."""
    return digits(value) if len(value) <= 30 and not any(letter.isalpha() for letter in value) else ""


def _holds(text: str, word: str) -> bool:
    """Whether the word stands there itself, not as a part of a longer one: that is somebody else's."""
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 2]
        inside = before.isalnum() or before in ("_", ".", "+", "-")
        if not inside and not (after[:1].isalnum() or after[:1] in ("_", "-") or _goes_on(after)):
            return True
        at = text.find(word, at + 1)
    return False


def _goes_on(after: str) -> bool:
    return after[:1] == "." and (after[1:2].isalnum() or after[1:2] == "_")


def blanked(value: Any, names: Names) -> int:
    """Empty every value that names them, in place; answers how many there were. No depth exhausts the stack."""
    count, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        places = (
            list(each.items()) if isinstance(each, dict) else list(enumerate(each)) if isinstance(each, list) else []
        )
        for place, part in places:
            if isinstance(part, dict | list):
                waiting.append(part)
            elif names.named_by(part):
                each[place] = EMPTIED
                count += 1
    return count

"""What a checker finds wrong with an email: where, how bad, and in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from plugin.rules.words.texts import Said

Severity = Literal["error", "warning"]
SEVERITIES: Final[Mapping[str, Severity]] = {
    "broken": "error",
    "unknown_variable": "error",
    "not_an_address": "error",
    "not_https": "error",
    "no_image": "error",
    "no_link": "error",
    "no_subject": "error",
    "no_unsubscribe": "error",
    "too_big": "warning",
    "too_big_promotional": "error",
    "missing_text": "warning",
    "no_alt": "warning",
    "blank_variable": "warning",
    "contrast": "warning",
    "unknown_tier": "warning",
    "empty_slot": "warning",
    "default_changed": "warning",
}
"""Errors stop publishing; warnings do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong. `block` is the block's id, empty for the email as a whole; `field` the text's or the
    option's name where it is about one; `language` where it is about one."""

    code: str
    block: str = ""
    field: str = ""
    language: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Whether it stops publishing."""
        return SEVERITIES[self.code]

    @property
    def said(self) -> Said:
        """What staff read."""
        return Said(f"emails.finding.{self.code}", None, **self.values)


def errors(findings: list[Finding]) -> list[Finding]:
    """Those that stop publishing."""
    return [one for one in findings if one.severity == "error"]

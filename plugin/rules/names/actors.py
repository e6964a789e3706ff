"""Who did something, where it was not Suki, Shopify, the shopper or the command line: as rows note it."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.rules.names.subject_grammar import Rest, Subject


@dataclass(frozen=True, slots=True)
class Staff(Subject):
    """Somebody of the shop's staff, by their account in Shopify."""

    WORD = "staff"
    account: Rest


@dataclass(frozen=True, slots=True)
class ApiKey(Subject):
    """Whoever holds one of the shop's keys."""

    WORD = "api"
    key_id: int


def account_of(actor: str) -> str:
    """The account of one of the staff; empty for anybody else."""
    return Staff.parse(actor).account if Staff.begins(actor) else ""

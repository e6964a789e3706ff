"""Rewards that need nothing from Shopify: a donation, something that staff do, a code of a partner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from plugin.rules.fields import Name, Price, currency_of
from plugin.rules.rewards.reward_settings import RewardSettings, Text
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said

NOTHING = "none"
"""The `code_state` of a redemption behind which there is nothing in Shopify."""
PREFIX = "REF"
"""What its reference begins with, under which shopper and staff find it."""
Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 30)]


class _Own(RewardSettings):
    """`undo_minutes`: how long members may take it back by themselves."""

    description: Text = ""
    undo_minutes: Minutes = 60


class Donation(_Own):
    """`value`, in the shop's currency, is booked for a cause; staff pay it out."""

    kind: Literal["donation"] = "donation"
    value: Price
    cause: Name


class Custom(_Own):
    """Whatever staff do or send: they find it in their queue, with the instructions."""

    kind: Literal["custom"] = "custom"
    instructions: Annotated[Text, Field(validate_default=True)] = ""

    @field_validator("instructions")
    @classmethod
    def _somebody_knows(cls, instructions: str, info: ValidationInfo) -> str:
        if currency_of(info) and not instructions and not info.data.get("description", "unknown"):
            raise ValueError(Said("programme.rewards.no_instructions"))
        return instructions


class PartnerCode(_Own):
    """One of the codes that staff imported. Nobody can disable it, so it is not taken back unless a time is set."""

    kind: Literal["pool_code"] = "pool_code"
    undo_minutes: Minutes = 0
    warn_below: Annotated[int, Field(ge=0, le=1_000_000)] = 10


OWN = (Donation, Custom, PartnerCode)


def start(reward: RewardSettings, now: datetime) -> dict[str, object]:
    """How a redemption begins: with a code to be made, or with nothing to be made in Shopify.

    A donation and a partner's code are used at once; what staff do waits for them.
    """
    if not isinstance(reward, OWN):
        return {"state": "reserved", "code_state": "wanted", "ended_at": None}
    if isinstance(reward, Custom):
        return {"state": "reserved", "code_state": NOTHING, "ended_at": None}
    return {"state": "captured", "code_state": NOTHING, "ended_at": now}


def undo_refusal(
    terms: Mapping[str, Any], state: str, made_at: datetime, now: datetime, *, by_staff: bool, paid_out: bool = False
) -> Reason | None:
    """Why it cannot be taken back now; nothing when it can. Staff may later than members."""
    kind = terms.get("kind")
    if state == "released":
        return Reason("already_back")
    if kind == "donation" and paid_out:
        return Reason("already_paid_out")
    if kind == "custom" and state == "captured":
        return Reason("already_fulfilled")
    minutes = int(terms.get("undo_minutes") or 0)
    in_time = now < made_at + timedelta(minutes=minutes)
    if kind == "pool_code" and not in_time:
        return Reason("code_is_known")
    return None if in_time or by_staff else Reason("undo_too_late")

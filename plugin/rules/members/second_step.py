"""What members confirm by a link in a mail, beside being signed in to the storefront.

The storefront's signature says who is signed in and nothing more: whoever gets hold of one may look, and may redeem
to what is bound to the customer. Everything on this list needs the mailbox as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, get_args

from plugin.rules.formats import reader_locale, web_address
from plugin.rules.messages import Common, common_values

Purpose = Literal["code", "data", "leave"]
PURPOSES: Final[tuple[str, ...]] = get_args(Purpose)
"""See a code that anybody could spend; take one's own data along; leave the programme."""
VALID_FOR: Final = timedelta(minutes=15)
MAILS_AN_HOUR: Final = 3
"""To one member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepContext(Common):
    """The link, and what it is for."""

    purpose: str
    link: str

    def values(self) -> dict[str, object]:
        """The template's variables."""
        return {
            **common_values(self, reader_locale(self.locale)),
            "intro": f"second_step.{self.purpose}",
            "link": web_address(self.link),
            "minutes": int(VALID_FOR.total_seconds() // 60),
        }

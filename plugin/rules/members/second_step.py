"""What members confirm by a link in a mail, beside being signed in to the storefront.

The storefront's signature says who is signed in and nothing more: whoever gets hold of one may look, and may redeem
to what is bound to the customer. Everything on this list needs the mailbox as well.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal, get_args

Purpose = Literal["code", "data", "leave"]
PURPOSES: Final[tuple[str, ...]] = get_args(Purpose)
"""See a code that anybody could spend; take one's own data along; leave the programme."""
VALID_FOR: Final = timedelta(minutes=15)
MAILS_AN_HOUR: Final = 3
"""To one member."""

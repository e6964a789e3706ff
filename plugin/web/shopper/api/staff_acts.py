"""What staff may do for a customer from the surfaces: each act with the least role that may.

The doors ask for these roles, and the surfaces are told by them what to offer: what is offered is allowed.
"""

from __future__ import annotations

from typing import Final

from plugin.rules.access.roles import Role
from plugin.web.current import may
from plugin.web.shopper.api.staff_shapes import StaffMay

ADJUST: Final[Role] = "manager"
REDEEM: Final[Role] = "manager"
RETURN: Final[Role] = "manager"
GIVE_BIRTHDAY: Final[Role] = "manager"
JOIN: Final[Role] = "manager"


def allowed() -> StaffMay:
    """What the account that asks may do."""
    return StaffMay(
        may_adjust=may(ADJUST),
        may_redeem=may(REDEEM),
        may_return=may(RETURN),
        may_give_birthday=may(GIVE_BIRTHDAY),
        may_join=may(JOIN),
    )

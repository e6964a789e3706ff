"""From a customer in Shopify's admin to the member: where the link under *More actions* leads."""

from __future__ import annotations

import re
from typing import Final

from flask import Flask, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.store.members import members
from plugin.web.admin.frame.layout import go
from plugin.web.auth import caller
from plugin.web.current import shop, transaction

_CUSTOMER: Final = re.compile(r"(?:gid://shopify/Customer/)?([0-9]{1,18})")


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/members/by-customer", "member_by_customer", by_customer)


@caller("session", reads="nothing")
def by_customer() -> AnyResponse:
    """On to the member whose customer Shopify names as `id`; to the list where there is none."""
    asked = _CUSTOMER.fullmatch(request.args.get("id", ""))
    if asked is None:
        return go("members")
    with transaction() as conn:
        found = members.by_customers(conn, shop().id, [int(asked[1])])
    return go("member", member_id=found[int(asked[1])].id) if found else go("members")

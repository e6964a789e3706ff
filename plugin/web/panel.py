"""Every page of the embedded panel, in the order of the navigation."""

from __future__ import annotations

from flask import Flask

from plugin.web import shown
from plugin.web.admin import (
    brand,
    data,
    deliveries,
    home,
    jobs,
    layout,
    mails,
    member,
    members,
    programme,
    session_token,
    settings,
    shopify_mail,
    staff,
    static,
    versions,
)

PAGES = (
    home, members, member, programme, versions, mails, brand, shopify_mail, deliveries, jobs, staff, settings, data,
    session_token, static,
)  # fmt: skip


def register(app: Flask) -> None:
    """Add the routes of every page, the filters and what every template may use."""
    shown.register(app)
    layout.register(app)
    for page in PAGES:
        page.register(app)

"""Every page of the embedded panel, in the order of the navigation."""

from __future__ import annotations

from flask import Flask

from plugin.web import shown, words
from plugin.web.admin import (
    access_log,
    activities,
    adjust,
    automatic,
    automation,
    brand,
    cashback,
    code_batches,
    data,
    deliveries,
    donations,
    expiry,
    exports,
    fulfilments,
    home,
    imports,
    jobs,
    layout,
    mails,
    member,
    member_forms,
    member_tiers,
    members,
    order_rules,
    programme,
    readings,
    redeem_for,
    redemption,
    redemptions,
    referral_review,
    referrals,
    review,
    reward_codes,
    rewards,
    session_token,
    settings,
    shopify_mail,
    staff,
    staff_roles,
    static,
    tiers,
    try_rule,
    versions,
)

PAGES = (
    home,
    # Members
    members, member, member_forms, adjust, redeem_for, redemption, imports, exports,
    member_tiers,
    # Programme
    programme, order_rules, try_rule, activities, rewards, reward_codes, cashback, tiers, automatic, expiry,
    referrals, referral_review, code_batches, versions, review,
    # Messages
    mails, brand, shopify_mail,
    # Activity
    deliveries, jobs, redemptions, fulfilments, readings, donations, staff, access_log,
    # Settings
    settings, staff_roles, automation, data,
    # beside the navigation
    session_token, static,
)  # fmt: skip


def register(app: Flask) -> None:
    """Add the routes of every page, the filters and what every template may use."""
    shown.register(app)
    words.register(app)
    layout.register(app)
    for page in PAGES:
        page.register(app)

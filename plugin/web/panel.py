"""Every page of the embedded panel, in the order of the navigation."""

from __future__ import annotations

from flask import Flask

from plugin.web import shown
from plugin.web.admin import (
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
    member_profile,
    member_tiers,
    members,
    order_rules,
    programme,
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
    static,
    tiers,
    try_rule,
    versions,
)

PAGES = (
    home, members, member, adjust, imports, exports, redemption, programme, rewards, reward_codes, expiry, versions,
    mails, fulfilments, donations, order_rules, brand, shopify_mail, deliveries, jobs, staff, settings, data,
    session_token, static, tiers, activities, automation, member_profile, try_rule, code_batches, cashback, review,
    redemptions, automatic,
    redemptions,
    activities, automation, member_profile,
    home, members, member, adjust, imports, exports, redemption, programme, rewards, expiry, versions, mails, review,
    order_rules, try_rule, brand, shopify_mail, deliveries, jobs, staff, settings, data, session_token, static, tiers,
    code_batches,
    referrals, referral_review,
    member_tiers,
)  # fmt: skip


def register(app: Flask) -> None:
    """Add the routes of every page, the filters and what every template may use."""
    shown.register(app)
    layout.register(app)
    for page in PAGES:
        page.register(app)

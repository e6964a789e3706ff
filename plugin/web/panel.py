"""Every page of the embedded panel, in the order of the navigation."""

from __future__ import annotations

from flask import Flask

from plugin.web import shown, words
from plugin.web.admin.activity import (
    access_log,
    deliveries,
    donations,
    fulfilments,
    jobs,
    readings,
    redemption,
    redemptions,
    staff,
)
from plugin.web.admin.frame import layout, session_token, static
from plugin.web.admin.home import home
from plugin.web.admin.members import adjust, exports, imports, member, member_forms, member_tiers, members, redeem_for
from plugin.web.admin.messages import brand, mails, shopify_mail
from plugin.web.admin.programme.earn import activities, automatic, cashback, order_rules, try_rule
from plugin.web.admin.programme.redeem import code_batches, reward_codes, rewards
from plugin.web.admin.programme.referrals import referral_review, referrals
from plugin.web.admin.programme.rules import expiry, programme, review, versions
from plugin.web.admin.programme.tiers import tiers
from plugin.web.admin.settings import automation, data, launch, settings, staff_roles

PAGES = (
    home,
    # Members
    members, member, member_forms, adjust, redeem_for, imports, exports, member_tiers,
    # Programme: Earn, Redeem, VIP tiers, Referrals, Rules
    order_rules, try_rule, activities, automatic, cashback,
    rewards, reward_codes, code_batches,
    tiers,
    referrals, referral_review,
    programme, expiry, versions, review,
    # Messages
    mails, brand, shopify_mail,
    # Activity
    deliveries, jobs, redemptions, redemption, fulfilments, readings, donations, staff, access_log,
    # Settings
    settings, launch, staff_roles, automation, data,
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

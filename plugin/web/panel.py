"""Every page of the embedded panel, in the order of the navigation."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

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
from plugin.web.admin.home import guide, home, outcome_figures, outcome_rows, start
from plugin.web.admin.members import (
    adjust,
    bulk,
    by_customer,
    exports,
    imports,
    member,
    member_forms,
    member_tiers,
    members,
    past_orders,
    redeem_for,
    views,
)
from plugin.web.admin.messages import (
    brand,
    calendar,
    email,
    email_pictures,
    email_preview,
    email_source,
    email_versions,
    emails,
    kind_settings,
    letter,
    mailings,
    mails,
    shopify_mail,
)
from plugin.web.admin.programme import choose
from plugin.web.admin.programme.earn import activities, automatic, cashback, order_rules, try_rule, ways
from plugin.web.admin.programme.redeem import code_batches, reward_codes, reward_preview, rewards
from plugin.web.admin.programme.referrals import referral_review, referrals
from plugin.web.admin.programme.rules import expiry, programme, review, versions
from plugin.web.admin.programme.tiers import tiers
from plugin.web.admin.settings import (
    automation,
    counting,
    data,
    endpoints,
    languages,
    launch,
    sender_domain,
    sending,
    settings,
    staff_roles,
    storefront,
    suppressed,
    survey,
)


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation: the endpoints of its tabs, the first of them its own, and the files of its pages.

    The words of an entry are `frame.nav.<endpoint>`, those of a tab `frame.tab.<endpoint>`.
    """

    tabs: tuple[str, ...]
    pages: tuple[ModuleType, ...]


ENTRIES = (
    Entry(("home",), (home, guide, start, outcome_figures, outcome_rows)),
    Entry(
        ("members",),
        (members, views, bulk, by_customer, member, member_forms, adjust, redeem_for, imports, exports, past_orders)
        + (member_tiers,),
    ),
    Entry(
        ("programme", "rewards", "tiers", "referrals", "rules"),
        (choose, ways, order_rules, try_rule, activities, automatic, cashback,
         rewards, reward_preview, reward_codes, code_batches,
         tiers,
         referrals, referral_review,
         programme, expiry, versions, review),
    ),
    Entry(
        ("emails", "mailings", "calendar", "brand", "shopify_mail", "mails"),
        (emails, email, email_preview, email_versions, email_source, email_pictures, kind_settings,
         mailings, calendar, brand, shopify_mail, mails, letter),
    ),
    Entry(
        ("redemptions", "fulfilments", "donations", "staff", "access_log", "readings", "deliveries", "jobs"),
        (deliveries, jobs, redemptions, redemption, fulfilments, readings, donations, staff, access_log),
    ),
    Entry(
        ("settings", "storefront", "sending", "launch", "languages", "survey", "staff_roles", "automation",
         "endpoints", "data"),
        (settings, storefront, sending, launch, languages, survey, staff_roles, automation, endpoints, data, suppressed,
         sender_domain, counting),
    ),
)  # fmt: skip
"""The one list of pages. A page is its file, its template and its words; its tab, if it has one, is here."""
BESIDE = (session_token, static)
"""What the navigation does not show."""
NAVIGATION = tuple(entry.tabs[0] for entry in ENTRIES)
TABS = {entry.tabs[0]: entry.tabs for entry in ENTRIES if len(entry.tabs) > 1}


def register(app: Flask) -> None:
    """Add the routes of every page, the filters and what every template may use."""
    shown.register(app)
    words.register(app)
    layout.register(app, NAVIGATION, TABS)
    for page in (*(page for entry in ENTRIES for page in entry.pages), *BESIDE):
        page.register(app)

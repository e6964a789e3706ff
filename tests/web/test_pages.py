"""Every page: it is there, Polaris understands it, it is small, and it says what is so."""

from __future__ import annotations

import pytest

from tests.web.session import Browser

PAGES = (
    "/",
    "/app",
    "/app/members",
    "/app/programme",
    "/app/programme/activities",
    "/app/settings/automation",
    "/app/programme/expiry",
    "/app/members/import",
    "/app/programme/rewards",
    "/app/programme/tiers",
    "/app/programme/versions",
    "/app/messages",
    "/app/messages/brand",
    "/app/messages/shopify",
    "/app/activity",
    "/app/activity/jobs",
    "/app/activity/staff",
    "/app/settings",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_new_shop_is_there(browser: Browser, path: str) -> None:
    browser.page(path)

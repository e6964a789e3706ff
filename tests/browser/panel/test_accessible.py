"""axe-core on each tab of the panel and on a form that refuses, where there is something on every page.

Every page of the panel, also where nothing happened yet, and every form: whole_panel.py, `make test-long`.
"""

from __future__ import annotations

from flask import url_for

from plugin.web.panel import ENTRIES
from tests.browser.panel.walk import Walk, accessible, refused


def test_no_tab_has_a_finding_is_heavy_or_wider_than_the_screen(full: Walk) -> None:
    with full.app.test_request_context():
        tabs = [url_for(endpoint) for entry in ENTRIES for endpoint in entry.tabs]
        more = [url_for("member", member_id=1), url_for("reward", reward_id="r1"), url_for("definitions")]
    for path in [*tabs, *more]:
        full.go(path)
        accessible(full, path)
    for path in ("/app/programme/rewards/r1", "/app/members/1/adjust"):
        seen: dict[str, bool] = {}
        refused(full, path, seen)
        assert any(seen.values()), path
    assert full.found == []

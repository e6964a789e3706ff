"""axe-core on every page of the panel, wide and narrow, empty and full, and on every form that refuses.

Takes minutes: `make test-long`. What runs each time is beside it, in test_accessible.py.
"""

from __future__ import annotations

from tests.browser.panel.walk import Walk, accessible, pages, refused

NEXT = (
    "/app/start",
    "/app/messages/calendar/1",
    "/app/programme/rewards/r9/codes",
    "/app/programme/compare?before=1&after=2",
    "/app/programme/versions/3/withdraw",
)
"""What is linked to from a second page of a kind, or only at some times."""


def test_every_page_of_an_empty_shop(walk: Walk) -> None:
    walk.along_all_links(accessible)
    assert walk.found == []


def test_every_page_of_a_shop_with_everything(full: Walk) -> None:
    full.along_all_links(accessible, NEXT)
    assert full.found == []
    assert pages(full.app) - {kind[0] for kind in full.seen} == set(), "no link leads there: name an address in NEXT"


def test_every_form_that_refuses(full: Walk) -> None:
    seen: dict[str, bool] = {}
    full.along_all_links(lambda walk, path: refused(walk, path, seen), NEXT)
    assert full.found == []
    assert len([shape for shape, says in seen.items() if says]) >= 30, seen

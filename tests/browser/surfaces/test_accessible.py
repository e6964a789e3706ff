"""axe-core on every surface that hosts an extension: our words and structure in the sandbox's stand-in elements.

Shopify's own elements and pages are tested in a development store.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.surfaces.conftest import Surfaces
from tests.sandbox.surfaces.axe import serious


def addresses(surfaces: Surfaces) -> Iterator[tuple[str, int | None]]:
    """Where extensions are, each with who looks."""
    ana, order = surfaces.order["customer_id"], surfaces.order["id"]
    yield "account/pages/account-rewards", ana
    yield "account/profile", ana
    yield "account/orders", ana
    yield f"account/orders/{order}", ana
    yield "till", None
    yield f"till/customers/{ana}", None
    yield f"till/orders/{order}", None
    yield f"admin/customers/{ana}", None
    yield f"admin/orders/{order}", None


def looked_over(surfaces: Surfaces, where: str) -> list[str]:
    """What is wrong with the page as it stands, and with what the extension uses."""
    surfaces.page.wait_for_load_state("networkidle")
    wide = surfaces.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [
        f"{where}: {one}" for one in [*serious(surfaces.page), *surfaces.troubles(), *(["too wide"] if wide else [])]
    ]


def test_no_surface_has_a_serious_finding_or_is_wider_than_the_screen(surfaces: Surfaces) -> None:
    found = []
    for path, who in addresses(surfaces):
        surfaces.go(path, who)
        found += looked_over(surfaces, path)
    for customer in (surfaces.order["customer_id"], None):
        surfaces.checkout(customer)
        found += looked_over(surfaces, f"checkout of {customer}")
    assert found == []

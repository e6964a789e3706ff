"""The set-up guide on Home: six steps that know whether they are done, until all are done or put away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import storefront
from plugin.rules.setup_guide import Known, Step, goes_on, steps
from plugin.store.reports.reports import Works
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import go
from plugin.web.auth import caller
from plugin.web.current import shop, transaction

LEADS: Final[Mapping[str, str]] = {
    "programme": "recommended_start",
    "mail": "brand",
    "storefront": "storefront",
    "checkout": "storefront",
    "order": "launch",
    "launch": "launch",
}
"""The page on which each step is done."""


@dataclass(frozen=True)
class Guide:
    """The steps to show. `away` says how many are put away; `done` how many of all are done."""

    steps: tuple[Step, ...]
    away: int
    done: int

    @property
    def of(self) -> int:
        """How many there are in all."""
        return len(LEADS)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/guide/<step>", "put_step_away", put_away, methods=["POST"])
    app.add_url_rule("/app/guide", "bring_steps_back", bring_back, methods=["POST"])


@caller("session", role="manager")
def put_away(step: str) -> AnyResponse:
    """Put a step away."""
    with transaction() as conn:
        storefront.put_step_away(conn, shop(), step)
    return go("home", done="step_hidden")


@caller("session", role="manager")
def bring_back() -> AnyResponse:
    """Show every step again."""
    with transaction() as conn:
        storefront.bring_steps_back(conn, shop())
    return go("home")


def shown(works: Works, version: Version) -> Guide | None:
    """The guide, as long as a step is left."""
    known = Known(
        saved_rules=version.number > 1,
        saved_brand=bool(shop().brand),
        places=storefront.places_of(shop()),
        had_order=works.has_orders,
        launched=shop().launch.launched,
    )
    found = steps(known, storefront.put_away(shop()))
    if not goes_on(found):
        return None
    kept = tuple(step for step in found if not step.hidden)
    return Guide(kept, len(found) - len(kept), sum(step.done for step in found))

"""A reward as shoppers see it, and what it costs, while its form is typed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, make_response, render_template, request
from pydantic import TypeAdapter, ValidationError

from plugin.actions.shops import storefront
from plugin.rules.fields import of_shop
from plugin.rules.rewards.kinds import Reward
from plugin.store.versions.programmes import Version
from plugin.web.admin.programme.redeem import costs
from plugin.web.admin.programme.saving import newest
from plugin.web.auth import caller
from plugin.web.current import now, shop
from plugin.web.forms import rewards as reward_form
from plugin.web.shown import points, zone

_REWARD: TypeAdapter[Reward] = TypeAdapter(Reward)


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/programme/rewards/preview", "preview_reward", preview, methods=["POST"])


@caller("session", role="manager", reads="nothing", asks=True)
def preview() -> Response:
    """The reward that the form describes now; what is wrong is shown as it is typed."""
    return make_response(drawn(request.form, newest()))


def drawn(form: Mapping[str, str], version: Version) -> str:
    """The reward as the rewards page lists it, with what it costs where it is whole."""
    one, programme = _typed(form), version.programme
    price = form.get("points", "").strip()
    return render_template(
        "admin/programme/redeem/reward_preview.html",
        look=storefront.look(shop()),
        name=form.get("name", "").strip(),
        price=points(int(price), programme.points_name) if price.isdecimal() and len(price) < 9 else "",
        description=form.get("description", "").strip(),
        costs=costs.said_of(one, programme, now()) if one else [],
    )


def _typed(form: Mapping[str, str]) -> Reward | None:
    """The reward that is typed so far; None while something is wrong with it."""
    draft = reward_form.read(form, shop().currency, zone())
    try:
        one = _REWARD.validate_python(dict(draft.values) | {"id": "r0"}, context=of_shop(shop().currency))
    except ValidationError:
        return None
    return None if draft.wrong else one

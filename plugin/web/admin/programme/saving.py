"""How every page of the programme saves: as the next version, or back to the form with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, g, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.goods import named_goods
from plugin.actions.programme.edits import Edit
from plugin.actions.programme.preview_programme import Preview, preview_programme
from plugin.errors import BadInput, SukiError
from plugin.observe import get_logger
from plugin.rules.programme import Programme
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.web.admin.frame.layout import Form, go, number_from, page
from plugin.web.admin.programme import together
from plugin.web.admin.programme.together import Apart, Editor, Save
from plugin.web.current import now, parts, shop, staff, transaction
from plugin.web.forms import edit as edit_form
from plugin.web.forms import goods

log = get_logger()
LOOK = "only_look"
"""The field that asks for a look at what would change, instead of saving."""
EARN = "programme"
"""The list of everything that members earn with: its buttons come back to it."""
Show = Callable[[Form, Version, int, int], Response]
"""Shows the form again: what stands in it and what is wrong, the newest version, where it began, the status."""


def newest() -> Version:
    """The version that a form begins with: the one in force; or the planned one, where the request names that."""
    with transaction() as conn:
        known = programmes.versions(conn, shop().id)
    return programmes.heir(known, number_from("version") or based_on(), now()) or programmes.at(known, now())


def based_on() -> int:
    """The number of the version that the form in the request began with; 0 for nonsense."""
    text = request.form.get("based_on", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def edit_of(form: Mapping[str, str], start: int) -> Edit:
    """What the form in the request, or a button (an empty one), is to save: by whom, and when."""
    return edit_form.read(form, start, staff().actor, now())


def changed(
    change: Callable[[Connection, int], int], listed: Callable[[str, int], Response], endpoint: str
) -> AnyResponse:
    """Carry out a button of a list (pause, resume, remove) on the newest version, and go on; or show the list again
    with what is wrong."""

    def saving(conn: Connection, form: dict[str, str], start: int) -> int:
        return change(conn, start)

    def pressed(programme: Programme, form: Mapping[str, str]) -> Mapping[str, str]:
        return {}

    try:
        with transaction() as conn:
            before, number = together.save(conn, {}, based_on(), saving, Editor(pressed))
            g.merged = False  # a button says all that it does
    except BadInput as error:
        return listed(error.message, error.status)
    except Apart as apart:
        return listed(apart.form.message, Apart.status)
    return _onwards(EARN if request.form.get("back") == EARN else endpoint, number, before, {})


def removal(what: str, name: str, back: str, follows: Sequence[str]) -> Response | None:
    """A page that asks before `what` removes something, and says what follows; None when nothing is to be asked."""
    if what != "remove" or request.form.get("sure"):
        return None
    return page(
        "admin/programme/remove_check.html",
        name=name,
        back=back,
        follows=follows,
        based_on=based_on(),
        version=newest(),
    )


def saved_or_shown(save: Save, show: Show, endpoint: str, editor: Editor | None = None, **values: Any) -> AnyResponse:
    """Save the form of the request and go to `endpoint`; or show it again, with each mistake at its field, with what
    saving it would change, or beside what others saved meanwhile. Without an editor nothing is merged."""
    form, start = request.form.to_dict(), based_on()
    looks = form.get(LOOK)
    try:
        with transaction() as conn:
            before, number = together.save(conn, form, start, save, editor)
            if looks and number != before:
                raise _OnlyALook(_look(conn, number, before), before)
    except BadInput as error:
        return show(Form(form, error.fields, error.message), newest(), start, error.status)
    except Apart as apart:
        return show(apart.form, apart.newest, apart.newest.number, Apart.status)
    except _OnlyALook as looked:
        g.preview = looked.found
        return show(Form(form, {}), newest(), looked.start, 200)
    return _onwards(endpoint, number, before, values)


def not_in_the_shop(fields: Mapping[str, str]) -> dict[str, str]:
    """What of the request's form the shop does not have, by field. Where Shopify does not answer, the form is saved
    all the same, and the page says that nobody looked."""
    try:
        named = goods.named(request.form, fields)
        return named_goods.missing(parts().engine, parts().clients, shop(), named, fields, now())
    except SukiError as error:
        log.warning("goods_unasked", shop=shop().domain, error=type(error).__name__, why=error.message)
        g.unasked = True
        return {}


class _OnlyALook(Exception):
    """Takes back what was saved in order to look at it."""

    def __init__(self, found: Preview, start: int) -> None:
        super().__init__()
        self.found, self.start = found, start


def _look(conn: Connection, number: int, start: int) -> Preview:
    known = programmes.versions(conn, shop().id)
    before, after = known[start - 1].programme, known[number - 1].programme
    return preview_programme(conn, shop(), before, after, now())


def _onwards(endpoint: str, number: int, start: int, values: Mapping[str, Any]) -> AnyResponse:
    if number == start:
        return go(endpoint, done="saved" if g.get("saved_before") else "unchanged", **values)
    with transaction() as conn:
        plan = programmes.planned(programmes.versions(conn, shop().id), now())
    if plan is not None and plan.number == number:
        return go(endpoint, done="planned", version=number, **values)
    return go(
        endpoint, done="saved_unasked" if g.get("unasked") else "merged" if g.get("merged") else "saved", **values
    )


def replaced(form: Form, values: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> Form:
    """The form with other values, or with its mistakes at other fields."""
    return replace(
        form, values=form.values if values is None else values, errors=form.errors if errors is None else errors
    )

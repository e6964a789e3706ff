"""The mails that have come, for people and for programs."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, render_template, request

from sandbox.local import Sandbox


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the mailbox."""
    routes = Blueprint("mailbox", __name__)

    @routes.get("/mailbox")
    def mailbox() -> str:
        asked = {name: request.args.get(name, "") for name in ("to", "sort", "language")}
        mails = box.post.list(asked["to"], 200, asked["sort"], asked["language"])
        sorts, languages = box.post.known("sort"), box.post.known("language")
        return render_template(
            "mailbox.html", options=box.options, mails=mails, asked=asked, sorts=sorts, languages=languages
        )

    @routes.get("/mailbox/<int:key>")
    def mail(key: int) -> str:
        return render_template("mail.html", options=box.options, mail=box.post.get(key) or abort(404))

    @routes.get("/mailbox/<int:key>/html")
    def mail_html(key: int) -> Response:
        found = box.post.get(key) or abort(404)
        return Response(
            _into_shops(box, found.part("html")),
            mimetype="text/html",
            headers={"Content-Security-Policy": "script-src 'none'"},
        )

    @routes.get("/mailbox.json")
    def mails() -> Response:
        limit = request.args.get("limit", 100, int)
        to, sort, language = (request.args.get(name, "") for name in ("to", "sort", "language"))
        return jsonify([mail.as_dict() for mail in box.post.list(to, limit, sort, language)])

    @routes.delete("/mailbox.json")
    def clear() -> tuple[str, int]:
        box.post.clear()
        return "", 204

    return routes


def _into_shops(box: Sandbox, html: str) -> str:
    """Links to a shop's own host lead into the shop as it stands here."""
    for domain in box.world.shops:
        html = html.replace(f"https://{domain}/", f"/shops/{domain}/")
    return html

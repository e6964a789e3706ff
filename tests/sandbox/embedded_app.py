"""A small embedded app, to try the admin frame and its stand-ins with."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, redirect, request

HEAD = """<!doctype html><html lang="en"><head><title>{title}</title><meta name="viewport" content="width=device-width">
<meta name="shopify-api-key" content="k"><script src="{cdn}/cdn/app-bridge.js"></script>
<script src="{cdn}/cdn/polaris.js"></script></head><body><s-app-nav><s-link href="/app" rel="home">Home</s-link>
<s-link href="/app/members">Members</s-link><s-link href="/app/programme">Programme</s-link></s-app-nav>"""
MEMBERS = """<s-page heading="Members"><s-section padding="none"><s-table><s-table-header-row>
<s-table-header listSlot="primary">Member</s-table-header><s-table-header format="numeric">Points</s-table-header>
</s-table-header-row><s-table-body><s-table-row clickDelegate="one"><s-table-cell>
<s-link id="one" href="/app/programme">Ana</s-link></s-table-cell>
<s-table-cell>120</s-table-cell></s-table-row></s-table-body></s-table></s-section>
<s-button commandFor="sure" command="--show">Remove</s-button><s-modal id="sure" heading="Sure?">Gone is gone.
<s-button slot="primary-action" commandFor="sure" command="--hide">Keep</s-button></s-modal></s-page>"""
PROGRAMME = """<s-page heading="Programme"><form data-save-bar id="f"><s-section heading="Earning">
<s-number-field name="rate" label="Points" value="2"></s-number-field><s-select name="rounding" label="Rounding"
 value="half"><s-option value="floor">Down</s-option><s-option value="half">Half up</s-option></s-select>
<s-checkbox name="tax" label="Count tax" checked></s-checkbox><s-switch name="on" label="On"></s-switch>
<s-choice-list name="who" label="Who"><s-choice value="all" selected>All</s-choice><s-choice value="few">Few</s-choice>
</s-choice-list><s-choice-list name="where" label="Where" multiple><s-choice value="web" selected>Web</s-choice>
<s-choice value="pos" selected>POS</s-choice></s-choice-list><s-text-area name="text" label="Text"></s-text-area>
</s-section></form></s-page><script>document.getElementById('f').addEventListener('submit', async (event) => {
 event.preventDefault();
 await fetch(location.pathname, {method: 'POST', body: new FormData(event.target)});
 shopify.toast.show('Saved'); })</script>"""


def make(posts: list[dict[str, Any]], cdn: str) -> Flask:
    """The app; what it is posted goes to the list."""
    app = Flask("embedded")

    def page(title: str, body: str) -> Response:
        return Response(HEAD.format(title=title, cdn=cdn) + body + "</body></html>", mimetype="text/html")

    @app.get("/app")
    def home() -> Any:
        return page("Home", '<s-page heading="Home"><s-button href="/app/members">To the members</s-button></s-page>')

    @app.get("/app/members")
    def members() -> Any:
        if "id_token" not in request.args:
            return redirect(f"/patch?shop={request.args.get('shop', '')}&shopify-reload={request.path}")
        return page("Members", MEMBERS)

    @app.get("/patch")
    def patch() -> Any:
        return page("", "")

    @app.get("/app/programme")
    def programme() -> Any:
        return page("Programme", PROGRAMME)

    @app.post("/app/programme")
    def save() -> Any:
        posts.append({"auth": request.headers.get("Authorization", ""), "form": list(request.form.items(multi=True))})
        if len(posts) == 1:
            return Response(status=401, headers={"X-Shopify-Retry-Invalid-Session-Request": "1"})
        return {}

    return app

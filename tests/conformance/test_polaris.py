"""The checker of rendered pages knows Shopify's lists."""

from __future__ import annotations

import pytest

from tests.conformance.polaris import problems

GOOD = """
<s-app-nav>
  <s-link href="/app" rel="home">Home</s-link>
  <s-link href="/app/members">Members</s-link>
</s-app-nav>
<s-page heading="Members" inlineSize="large">
  <s-button slot="primary-action" variant="primary" type="submit">Save</s-button>
  <s-section heading="Points" padding="none" data-testid="points">
    <s-grid gridTemplateColumns="1fr 1fr" gap="base large-100" alignItems="center">
      <s-grid-item gridColumn="span 2">
        <s-box padding="base none" borderRadius="large" minBlockSize="40px"></s-box>
      </s-grid-item>
      <s-number-field name="rate" label="Points" min="0" step="0.5" required></s-number-field>
    </s-grid>
    <s-badge tone="success" icon="check">Active</s-badge>
    <img src="/x.png"><br/>
  </s-section>
</s-page>
<ui-save-bar id="bar"><button variant="primary" id="save"></button></ui-save-bar>
"""


def test_a_page_made_of_known_parts_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<s-card></s-card>", "<s-card> does not exist"),
        ("<ui-card></ui-card>", "<ui-card> does not exist"),
        ('<s-button colour="red"></s-button>', "<s-button> has no attribute colour"),
        ('<s-button variant="plain"></s-button>', "must be one of auto, primary, secondary, tertiary"),
        ('<s-button disabled="false"></s-button>', "its presence means true"),
        ('<s-button onclick="go()"></s-button>', "CSP"),
        ('<s-number-field min="none"></s-number-field>', "must be a number"),
        ('<s-box padding="medium"></s-box>', 'padding="medium"'),
        ('<s-box padding="base medium"></s-box>', 'padding="base medium"'),
        ('<s-page><s-button slot="main-action"></s-button></s-page>', '<s-page> has no slot "main-action"'),
        ('<s-page><form><s-button slot="primary-action"></s-button></form></s-page>', "<form> has no slots"),
        ("<s-divider/>", "does not close itself"),
        ("<s-page><s-section></s-page>", "<s-section> is not closed before </s-page>"),
        ("<s-page>", "<s-page> is never closed"),
        ("</s-page>", "</s-page> closes nothing"),
        ('<s-link href="/" rel="home"></s-link>', "<s-link> has no attribute rel"),
        ('<s-icon type="no-such-icon"></s-icon>', 'type="no-such-icon"'),
    ],
)
def test_each_mistake_is_named_once(html: str, problem: str) -> None:
    found = problems(html)
    assert len(found) == 1
    assert problem in found[0]


def test_a_problem_says_on_which_line_it_is() -> None:
    assert problems("<p>\n\n<s-card></s-card>") == ["line 3: <s-card> does not exist"]

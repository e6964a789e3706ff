"""What the editor's examples and the extensions' tests show are answers that the app could give."""

from __future__ import annotations

import json

import pytest

from plugin.web.shopper.api import shapes
from tests.extensions.node import FOLDER, needs_node, node

pytestmark = needs_node


@pytest.mark.parametrize(("language", "currency"), [("en", "USD"), ("fil", "PHP"), ("en", "JPY"), ("fil", "KWD")])
def test_an_example_has_the_shape_of_an_answer(language: str, currency: str) -> None:
    done = node("tests/extensions/samples.mjs", str(FOLDER / "checkout-loyalty"), language, currency)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert sorted(found) == ["CartJudged", "Held", "Me", "OrderNow", "Reward"]
    for name, answer in found.items():
        shape = getattr(shapes, name)
        assert shape.model_validate(answer).model_dump(mode="json").keys() == {*shape.model_fields}

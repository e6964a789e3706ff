"""The shopper API answers as its OpenAPI document says, whatever is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as how

from plugin.web import read_pace
from plugin.web.shopper.api import pace
from tests.web.api.test_api import CHECKS, operation_test
from tests.web.session import Browser
from tests.web.shopper_api.surface import Surface


def test_every_call_answers_as_it_is_described_whatever_is_sent(
    surface: Surface, browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((read_pace, "READS_AN_HOUR"), (pace, "ACTS_AN_HOUR")):
        monkeypatch.setattr(module, name, 1_000_000)
    described = schemathesis.openapi.from_wsgi("/shopper/v1/openapi.json", app)
    for result in described.get_all_operations():
        operation = result.ok()
        by_staff = operation.path.startswith("/staff/")
        _call(operation, lambda: browser._headers() if by_staff else surface._headers())()  # noqa: B023


def _call(operation: Any, headers: Callable[[], dict[str, str]]) -> Callable[[], None]:
    """Some made-up calls of one operation, each with a fresh token."""

    @how(max_examples=5, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @operation_test(operation)
    def call(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers(), checks=CHECKS)

    return call

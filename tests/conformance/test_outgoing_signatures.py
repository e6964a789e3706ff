"""Outgoing webhooks, checked by a library that somebody else wrote: npm's `standardwebhooks`."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plugin.actions.automation.send_webhooks import signed

ROOT = Path(__file__).parents[2]
OURS, FORMER, OTHER = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
SAID = {"type": "points.earned", "member": {"name": "Ñandú 花子 😀 \u2028"}, "data": {"points": 24}}


def verdicts(messages: list[dict[str, Any]]) -> list[str]:
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "standardwebhooks").is_dir():
        pytest.skip("no Node with the tests' packages on this machine")
    script = Path(__file__).with_name("verify_webhook.mjs")
    lines = "\n".join(map(json.dumps, messages))
    done = subprocess.run([node, str(script)], input=lines, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def message(secrets: list[bytes], checked_with: bytes, at: datetime, change: str = "") -> dict[str, Any]:
    headers, body = signed("evt_1_2", SAID, secrets, at)
    secret = "whsec_" + base64.b64encode(checked_with).decode()
    return {"secret": secret, "headers": headers, "body": body.decode() + change}


def test_what_we_sign_is_taken_and_nothing_else_is() -> None:
    now = datetime.now(UTC)
    assert verdicts(
        [
            message([OURS], OURS, now),
            message([OURS, FORMER], FORMER, now),
            message([OURS], OTHER, now),
            message([OURS], OURS, now, change=" "),
            message([OURS], OURS, now - timedelta(minutes=6)),
        ]
    ) == ["yes", "yes", "No matching signature found", "No matching signature found", "Message timestamp too old"]

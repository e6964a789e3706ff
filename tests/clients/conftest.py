"""A mailbox, and a mail server in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.smtp_servers import Mailbox, serving


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(box: Mailbox) -> Iterator[int]:
    with serving(box) as at:
        yield at

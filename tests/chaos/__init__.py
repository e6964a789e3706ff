"""Kill everything at any moment; afterwards nothing has happened."""

import pytest

pytest.register_assert_rewrite("tests.chaos.checks", "tests.chaos.held_checks")

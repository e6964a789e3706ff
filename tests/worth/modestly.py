"""How many examples hypothesis tries here; mutations are tried without looking for the smallest one."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

PHASES = (Phase.explicit, Phase.generate) if os.environ.get("WORTH_QUICK") else tuple(Phase)


def modestly(examples: int) -> settings:
    """So many."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, phases=PHASES, suppress_health_check=list(HealthCheck)
    )

"""A property says what its examples must reach, and fails where they mostly do not.

    @reaches(pays=0.3)
    @given(cases)
    def test_only_a_standing_order_pays(case: Case) -> None:
        found = verdict(case)
        if found.pays:
            reach("pays")
            assert …

A property whose assertion stands in an `if` that is never true holds of anything. tests/test_reached.py sees to it
that every property declares what it reaches, or asserts in every case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Property = TypeVar("Property", bound=Callable[..., Any])
_running: list[_Run] = []


class _Run:
    """The examples of one property so far; an example that `assume` refuses is none."""

    def __init__(self, shares: dict[str, float]) -> None:
        self.shares = shares
        self.examples = 0
        self.reached = Counter[str]()
        self.here: set[str] = set()

    def end_example(self) -> None:
        self.examples += 1
        self.reached.update(self.here)

    def too_seldom(self) -> list[str]:
        return [
            f"{name}: {self.reached[name]} of {self.examples} examples, {share:.0%} are declared"
            for name, share in self.shares.items()
            if self.reached[name] < share * self.examples or not self.reached[name]
        ]


def reaches(**shares: float) -> Callable[[Property], Property]:
    """Declare, above `@given`, which share of the examples calls `reach(name)` at the least.

    Declare a third of what is seen, as examples differ much from run to run.
    """

    def declare(test: Property) -> Property:
        handle = test.hypothesis  # type: ignore[attr-defined]  # what @given leaves for others to wrap
        inner = handle.inner_test

        @wraps(inner)
        def example(*args: Any, **kwargs: Any) -> None:
            run = _running[-1]
            run.here = set()
            inner(*args, **kwargs)
            run.end_example()

        handle.inner_test = example

        @wraps(test)
        def whole(*args: Any, **kwargs: Any) -> None:
            run = _Run(shares)
            _running.append(run)
            try:
                test(*args, **kwargs)
            finally:
                _running.pop()
            assert not (seldom := run.too_seldom()), f"mostly empty cases: {'; '.join(seldom)}"

        return whole  # type: ignore[return-value]

    return declare


def reach(name: str) -> None:
    """This example has come to where there is something to find wrong."""
    run = _running[-1]
    if name not in run.shares:
        raise KeyError(f"{name} is not declared by @reaches")
    run.here.add(name)

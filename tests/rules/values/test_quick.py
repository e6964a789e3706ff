"""What is made quickly is as a frozen dataclass makes it."""

from __future__ import annotations

import copy
import inspect
import pickle
import weakref
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from plugin.rules.types import Buyer, Line, OrderView
from plugin.rules.values.quick import quickly_made
from tests.rules.generated import line, view


@quickly_made
@dataclass(frozen=True, slots=True)
class Parcel:
    """A value with every way of having a default."""

    number: int
    weight: int = 3
    stamps: list[str] = field(default_factory=list)


def test_its_fields_are_given_by_place_or_by_name_and_have_their_defaults() -> None:
    assert (Parcel(1).number, Parcel(1).weight, Parcel(1).stamps) == (1, 3, [])
    assert Parcel(1, 2, ["red"]) == Parcel(stamps=["red"], weight=2, number=1)
    assert Parcel(1).stamps is not Parcel(1).stamps
    assert repr(Parcel(1)) == "Parcel(number=1, weight=3, stamps=[])"


def test_what_is_missing_or_unknown_is_refused_by_the_names_of_the_class() -> None:
    with pytest.raises(TypeError, match=r"Parcel\.__init__\(\) missing 1 required positional argument: 'number'"):
        Parcel()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Parcel\.__init__\(\) got an unexpected keyword argument 'colour'"):
        Parcel(1, colour="red")  # type: ignore[call-arg]


def test_nobody_changes_it_once_it_is_made() -> None:
    for made, name in ((Parcel(1), "weight"), (view(line(1, 100)), "lines"), (line(1, 100), "id")):
        assert type(made).__name__ in ("Parcel", "OrderView", "Line")
        before = copy.deepcopy(made)
        with pytest.raises(FrozenInstanceError):
            setattr(made, name, 5)
        with pytest.raises(FrozenInstanceError):
            delattr(made, name)
        assert made == before
        assert not hasattr(made, "__dict__")


def test_it_is_copied_kept_and_replaced_as_any_other() -> None:
    order = view(line(1, 100), line(2, 250))
    assert pickle.loads(pickle.dumps(order)) == copy.deepcopy(order) == replace(order) == order
    assert hash(Buyer(1, "ana@example.com")) == hash(Buyer(1, email="ana@example.com"))
    assert replace(order, test=True).test and not order.test
    assert Buyer(1) != Buyer(2) and isinstance(replace(order), OrderView)
    assert weakref.ref(order)() is order


def test_it_asks_for_the_same_as_the_plain_class() -> None:
    asked = inspect.signature(Line).parameters
    assert list(asked)[:4] == ["id", "title", "quantity", "current_quantity"]
    assert [one for one in asked if asked[one].default is inspect.Parameter.empty][-1] == "price_minor"
    assert asked["vendor"].default == "" and asked["product_id"].default is None


def test_a_class_that_does_more_than_hold_its_fields_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Counted(Parcel):
        """One that is built upon another."""

        colour: str = "red"

    @dataclass(frozen=True, slots=True)
    class Checked:
        """One that looks at what it was given."""

        number: int

        def __post_init__(self) -> None:
            """Look."""

    @dataclass(frozen=True, slots=True)
    class Told:
        """One that is not told everything."""

        number: int = field(default=1, init=False)

    @dataclass(frozen=True, slots=True, weakref_slot=True)
    class Weak:
        """One with more in it than its fields."""

        number: int

    for one in (Counted, Checked, Told, Weak):
        with pytest.raises(TypeError, match=f"{one.__name__} is more than its fields"):
            quickly_made(one)

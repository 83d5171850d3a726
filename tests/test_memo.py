"""Memory of pure computations by the content of their arguments."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from threading import Event
from typing import NamedTuple

import numpy as np
import pytest

from observatory.memo import digest_content, remember


@dataclass(frozen=True)
class Holder:
    """A name and values."""

    name: str
    values: np.ndarray

    @cached_property
    def total(self) -> float:
        """The sum, cached on the object."""
        return float(self.values.sum())


def counted(size: int = 8) -> tuple[list[object], Callable[[object], np.ndarray]]:
    calls: list[object] = []

    @remember(size=size)
    def double(holder: object) -> np.ndarray:
        calls.append(holder)
        return np.array([2.0, 1.0])

    return calls, double


def test_equal_content_is_computed_once() -> None:
    """Another object with the same fields gives the result of before; what it has cached itself is no content."""
    calls, double = counted()
    first, second = Holder("a", np.arange(3.0)), Holder("a", np.arange(6.0)[::2] / 2)
    assert second.total == 3.0
    assert double(first) is double(second)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "other",
    [
        Holder("b", np.arange(3.0)),
        Holder("a", np.array([0.0, 1.0, 2.0 + 2**-51])),
        Holder("a", np.arange(3)),
        Holder("a", np.arange(3.0).reshape(1, 3)),
        ("a", np.arange(3.0)),
        {"a": np.arange(3.0)},
    ],
)
def test_any_difference_is_computed(other: object) -> None:
    """A name, the last bit of a value, the kind of number, the shape, another class: each is other content."""
    calls, double = counted()
    double(Holder("a", np.arange(3.0)))
    double(other)
    assert len(calls) == 2


def test_boundaries_between_values_count() -> None:
    """Values that read the same when they are written one after the other are not the same."""
    calls, double = counted()
    for value in (("ab", "c"), ("a", "bc"), ("a", ("b", "c")), (("a", "b"), "c"), ("1",), (1,), (1.0,), (True,), ()):
        double(value)
    assert len(calls) == 9


def test_a_result_cannot_be_changed() -> None:
    """Several callers share a result: writing to its arrays fails."""
    _calls, double = counted()
    with pytest.raises(ValueError, match="read-only"):
        double(1)[0] = 5.0


def test_the_oldest_results_go_first() -> None:
    """No more results are kept than the size says."""
    calls, double = counted(size=2)
    for value in (1, 2, 3, 1):
        double(value)
    assert calls == [1, 2, 3, 1]


def test_content_that_cannot_be_read_is_refused() -> None:
    """An argument without plain content would make two different calls one: TypeError instead."""
    _calls, double = counted()
    with pytest.raises(TypeError, match="no digest of object"):
        double(object())


def test_threads_that_need_one_result_compute_it_once() -> None:
    """While one thread computes, another that asks for the same waits, and gets the same object."""
    calls, began, goes_on = [], Event(), Event()

    @remember(size=8)
    def compute(name: str) -> np.ndarray:
        calls.append(name)
        began.set()
        assert goes_on.wait(10)
        return np.arange(3.0)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(compute, "a")
        assert began.wait(10)
        second = pool.submit(compute, "a")
        goes_on.set()
        assert first.result(10) is second.result(10)
    assert calls == ["a"]


def test_a_failure_is_not_kept() -> None:
    """What raised is computed again at the next request."""
    calls = []

    @remember(size=8)
    def fail_once(name: str) -> str:
        calls.append(name)
        if len(calls) == 1:
            raise ValueError(name)
        return name

    with pytest.raises(ValueError, match="a"):
        fail_once("a")
    assert fail_once("a") == "a"


@dataclass(frozen=True)
class Fact:
    """What never changes, and what may."""

    name: str
    parts: tuple[int, ...] = ()
    box: list[int] = field(default_factory=list)


def test_what_can_change_is_digested_each_time() -> None:
    """A list that grew after the first digest, a frozen dataclass around it too, is other content."""
    calls, double = counted()
    fact = Fact("a", (1, 2), [1])
    double((fact,))
    fact.box.append(2)
    double((fact,))
    double((Fact("a", (1, 2), [1, 2]),))
    assert len(calls) == 2


def test_an_array_that_can_be_written_is_digested_each_time() -> None:
    """A value written into the array of a dataclass between two calls is other content; a read-only one stays."""
    calls, double = counted()
    holder = Holder("a", np.arange(3.0))
    double((holder,))
    holder.values[0] = 7.0
    double((holder,))
    assert len(calls) == 2
    holder.values.flags.writeable = False
    view = Holder("a", holder.values[:2])
    double((holder,))
    double((view,))
    double((Holder("a", np.array([7.0, 1.0])),))
    assert len(calls) == 3


def test_a_read_only_view_of_what_can_be_written_is_digested_each_time() -> None:
    """A view that cannot be written shows what is written to the array below it."""
    calls, double = counted()
    below = np.arange(3.0)
    view = below[:]
    view.flags.writeable = False
    holder = Holder("a", view)
    double((holder,))
    below[0] = 7.0
    double((holder,))
    assert len(calls) == 2


class Pair(NamedTuple):
    """A name and values."""

    name: str
    values: np.ndarray


def test_arrays_are_frozen_wherever_they_are_in_a_result() -> None:
    """In a named tuple within a dictionary within a dataclass."""

    @remember(size=2)
    def build(name: str) -> Box:
        return Box({name: [Pair(name, np.arange(2.0))]})

    with pytest.raises(ValueError, match="read-only"):
        build("a").pairs["a"][0].values[0] = 1.0


@dataclass(frozen=True)
class Box:
    """What a function gives back with a dictionary in it, of which no digest would be kept otherwise."""

    pairs: dict[str, list[Pair]]


def test_a_result_is_known_by_what_it_was_made_from() -> None:
    """As an argument of another function: a hit where it was made of the same, else a miss."""
    calls, double = counted()

    @remember(size=1)
    def build(name: str) -> Box:
        return Box({name: [Pair(name, np.arange(2.0))]})

    first = build("a")
    double(first)
    other = build("b")  # drops the first
    double(other)
    again = build("a")
    assert again is not first
    double(again)
    assert len(calls) == 2


def test_a_result_without_a_size_is_kept_with_what_refers_to_it() -> None:
    """Parts of a result that is kept are not computed again; those of one that was dropped are."""
    calls = []

    @remember(size=None)
    def build_part(name: str) -> Holder:
        calls.append(name)
        return Holder(name, np.arange(2.0))

    @remember(size=1)
    def build_whole(*names: str) -> tuple[Holder, ...]:
        return tuple(map(build_part, names))

    build_whole("a", "b")
    build_whole("a", "c")
    assert calls == ["a", "b", "c"]
    build_whole("c", "b")
    assert calls == ["a", "b", "c", "b"]


def test_the_digest_of_content_is_that_of_equal_content() -> None:
    """Equal arrays in equal places have one digest, in other places another."""
    one = digest_content("a", np.arange(3.0))
    assert one == digest_content("a", np.arange(3.0))
    assert one != digest_content(np.arange(3.0), "a")

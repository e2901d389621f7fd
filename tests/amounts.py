"""How many cases a law or a table of cases is tried on: few by day, many at night.

By day the whole suite is waited for. ``-m nightly`` tries every law again, on as many cases as its line says, or on those of
the profile. Cases are drawn the same way each time: what fails at night fails again in the morning.
Of a table that goes one way through the program again and again, some rows are run by day and each at night.
"""

from collections.abc import Container, Iterable

import pytest
from hypothesis import settings

DAILY, NIGHTLY = "daily", "nightly"

settings.register_profile(DAILY, deadline=None, max_examples=10, derandomize=True)
settings.register_profile(NIGHTLY, settings.get_profile(DAILY), max_examples=200)


def take_amounts(marks: str) -> None:
    """Take the amounts for the tests that are asked for by their marks."""
    settings.load_profile(DAILY if marks == "not nightly" else NIGHTLY)


def is_night() -> bool:
    """Tell whether the many are tried."""
    return settings.get_current_profile_name() == NIGHTLY


def examples(daily: int, *, nightly: int, **more: object) -> settings:
    """Return the settings of a law of which one case takes long, or that needs more cases than others."""
    return settings(max_examples=nightly if is_night() else daily, **more)


def some_by_day(cases: Iterable[object], daily: Container[object]) -> list[object]:
    """Return the cases of a table for ``parametrize``: some are run by day, each at night."""
    return [pytest.param(case, marks=() if case in daily else pytest.mark.nightly) for case in cases]

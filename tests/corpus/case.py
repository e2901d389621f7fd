"""One small file of the corpus and what must come of it: taken, taken with a remark, or refused, in which words and rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TAKEN, REMARKED, REFUSED = "taken", "taken with a remark", "refused"
OUTCOMES = (TAKEN, REMARKED, REFUSED)
Content = str | bytes | Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Case:
    """A file and its expectation.

    ``words`` must stand in the remarks, or in the refusal (``a|b`` is one or the other); ``rows``, ``columns`` and ``items`` must be named there as places.
    ``at`` is longitude and latitude of the first feature or camera, ``near_m`` how far it may lie from there. ``values`` are
    fields of the first camera, ``tags`` those of the first feature. ``options`` are those of the import; ``before`` is a file
    that the project held already. ``never`` are words that must not be said.
    """

    reader: str
    name: str
    file: str
    content: Content
    outcome: str
    counts: Mapping[str, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    at: tuple[float, float] | None = None
    near_m: float = 2.0
    values: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    before: "Case | None" = None
    is_slow: bool = False  # by nature, as what ends at a limit of time; tried at night

    @property
    def key(self) -> str:
        """Return the name of the case among all."""
        return f"{self.reader}: {self.name}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Cases of one reader are collected here as they are written down."""

    name: str
    file: str
    options: Mapping[str, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def taken(self, name: str, content: Content, count: int | Mapping[str, int] = 1, **more: Any) -> Case:
        """Note a file that must be taken; one with ``words`` must be taken with a remark that has them."""
        outcome = REMARKED if more.get("words") else TAKEN
        counts = {self._what(): count} if isinstance(count, int) else count
        return self._add(name, content, outcome, counts=counts, **more)

    def refused(self, name: str, content: Content, *words: str, **more: Any) -> Case:
        """Note a file that must be refused in these words."""
        return self._add(name, content, REFUSED, words=words, **more)

    def _what(self) -> str:
        return self.options.get("kind", "cameras")

    def _add(self, name: str, content: Content, outcome: str, **more: Any) -> Case:
        options = {**self.options, **more.pop("options", {})}
        case = Case(self.name, name, more.pop("file", self.file), content, outcome, options=options, **more)
        self.cases.append(case)
        return case


def written(case: Case, folder: Path) -> Path:
    """Write the file of a case into a folder of its own and return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / case.file
    if callable(case.content):
        case.content(path)
    elif isinstance(case.content, bytes):
        path.write_bytes(case.content)
    else:
        path.write_bytes(case.content.encode("utf-8"))
    return path

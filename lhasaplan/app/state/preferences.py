"""What a person chose about the window and wants to find again: columns, folders, recent files; nothing of any project."""

import json
from typing import Any, Protocol


class Keeps(Protocol):
    """Where it is kept from one day to the next."""

    def value(self, key: str, default: Any = None) -> Any:
        """Return what is kept."""

    def setValue(self, key: str, value: Any) -> None:  # noqa: N802 - Qt's name
        """Keep something."""


class Preferences:
    """Values by name, kept at once: a window that is killed forgets nothing. In memory alone until it is said where."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._kept: Keeps | None = None

    def keep_in(self, kept: Keeps) -> None:
        """Say where they are kept."""
        self._kept = kept

    def get(self, name: str, otherwise: Any = None) -> Any:
        """Return a value of plain lists, texts and numbers; what cannot be read is as if it were not there."""
        if name not in self._values and self._kept is not None:
            try:
                self._values[name] = json.loads(str(self._kept.value(f"preferences/{name}", "")))
            except ValueError:
                return otherwise
        return self._values.get(name, otherwise)

    def set(self, name: str, value: Any) -> None:
        """Keep a value."""
        self._values[name] = value
        if self._kept is not None:
            self._kept.setValue(f"preferences/{name}", json.dumps(value))

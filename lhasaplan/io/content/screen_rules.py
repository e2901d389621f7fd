"""Read what is assumed of trees and hoardings (``layers/specs/trees.toml``)."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from lhasaplan.content import content_folder
from lhasaplan.core.city.trees_and_hoardings import Leafless, ScreenRules
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.toml_file import read_toml

NUMBERS = tuple(field.name for field in fields(ScreenRules) if field.name != "leafless")
SHARES = ("crown_base_share", "leafless_share", "hides_from")


def load_screen_rules(folder: Path | None = None) -> ScreenRules:
    """Return how trees and hoardings hide.

    Raises
    ------
    InputError
        Every entry that is missing, no number, negative, or a share above 1.
    """
    path = (folder or content_folder("layers")) / "specs" / "trees.toml"
    content = read_toml(path)[0].get("screens", {})
    entries = [*((name, content.get(name)) for name in NUMBERS), *_shares(content)]
    faults = [
        Fault("{key} has to be a number that makes sense", Where(path.name), {"key": k}) for k, v in entries if not _fits(k, v)
    ]
    if faults:
        raise InputError(*faults)
    leafless = tuple(Leafless(each["key"], frozenset(each["values"]), float(each["share"])) for each in content["leafless"])
    return ScreenRules(**{name: float(content[name]) for name in NUMBERS}, leafless=leafless)


def _shares(content: dict[str, Any]) -> list[tuple[str, object]]:
    return [(f"leafless_share {each.get('key', '')}", each.get("share")) for each in content.get("leafless", ())]


def _fits(key: str, value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0.0
    return is_number and (key.split(maxsplit=1)[0] not in SHARES or float(str(value)) <= 1.0)

"""Write the tables of camera fields in docs/input-files.md and docs/json.md from the table of fields.

``python tools/make_fields_doc.py`` puts them between the marks in both pages. Change the table of fields, not these.
"""

import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan.core.changes.camera_change import values_changed  # noqa: E402
from lhasaplan.core.changes.proposal import KINDS  # noqa: E402
from lhasaplan.core.model.camera import Camera  # noqa: E402
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, CameraField  # noqa: E402

START, END = "<!-- made by tools/make_fields_doc.py -->", "<!-- end -->"
LISTS = {each.name for each in fields(Camera) if each.default == ()}


def columns() -> Iterable[str]:
    """Give the rows of the columns of a camera table."""
    yield from ("| column | what | values |", "|---|---|---|")
    for each in CAMERA_FIELDS:
        if each.help or each.values or each.words:
            yield f"| `{each.column or each.key}` | {each.help} | {each.values or _values(each)} |"


def _values(each: CameraField) -> str:
    """Return what a field may hold, as its type and its bounds say."""
    if each.words:
        return ", ".join(each.words)
    if not each.is_number:
        return {"date": "a day"}.get(each.type, each.type)
    unit = f" {each.unit}" if each.unit else ""
    if each.above is not None:
        return f"above {each.above:,.12g}, at most {each.high:,.12g}{unit}"
    return f"{each.low:,.12g} to {each.high:,.12g}{unit}"


def changes() -> Iterable[str]:
    """Give the rows of what each change of a proposal states."""
    yield from ("| `change` | states |", "|---|---|")
    yield "| `add` | `camera` (its record with `camera_id`), `position` in the list (from 0; `null`: last) |"
    yield "| `remove` | nothing; one that operated stays on record by `status` |"
    for name, kind in list(KINDS.items())[2:]:
        yield f"| `{name}` | {', '.join(f'`{each}[]`' if each in LISTS else f'`{each}`' for each in values_changed(kind))} |"


PAGES = {ROOT / "docs" / "input-files.md": columns, ROOT / "docs" / "json.md": changes}


def page(path: Path) -> str:
    """Return a page with its table as it is today."""
    text = path.read_text("utf-8")
    before, after = text.index(START) + len(START), text.index(END)
    return "\n".join((text[:before], "", *PAGES[path](), "", text[after:]))


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(page(path), encoding="utf-8")

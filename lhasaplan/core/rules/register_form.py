"""The form in which a city or a state publishes cameras, as data: its sheets, their headings, and what stands under each."""

from collections.abc import Iterable
from dataclasses import dataclass

COUNT = "count"  # how many cameras a row stands for
# What the register says of a camera, by the names of its columns (docs/outputs.md).
VALUES = frozenset(
    (
        *("id", "name", "status", "installed_on", "operator", "purpose", "legal_basis", "impact_assessment_date", "complaints"),
        *("contact", "dpo_contact", "authorisation", "authorisation_expires", "live_or_recorded", "hours", "sound", "analysis"),
        *("recipients", "end_date", "review_date", "incidents_served", "version", "change_reason", "retention_days", "sign"),
        *("type", "can_turn", "lon", "lat", "sector_deg", "class_px_m", "masks", "views", "homes_in_view", "protected_in_view"),
        *("dwellings_likely_in_view", "ground_in_view_m2", "without_purpose_m2", "source", "source_date", "answers"),
        *("not_recorded", "synthetic", "remark"),
    )
)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its heading, and the value of the register under it, or the same text in every row.

    ``first_of`` are values of which the first that is recorded counts; none and no ``text`` is a field that the office fills in.
    """

    heading: str
    first_of: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet: a heading a column and a camera a row, or (``is_head``) headings under each other, filled once.

    ``one_row_for`` names the values that cameras of one row share; empty for a row a camera.
    """

    name: str
    fields: tuple[FormField, ...]
    is_head: bool = False
    one_row_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """A form of a register.

    ``packs`` are those whose law or place has it; ``one_file_for`` is the value that all cameras of a file share, empty for
    one file; cameras without it are in none, for nobody could hand that file in. ``statuses`` are those of cameras in it.
    """

    name: str
    packs: tuple[str, ...]
    statuses: tuple[str, ...]
    sheets: tuple[FormSheet, ...]
    one_file_for: str = ""


def forms_for(forms: Iterable[RegisterForm], packs: Iterable[str]) -> tuple[RegisterForm, ...]:
    """Return the forms that the loaded packs have, in their order."""
    loaded = frozenset(packs)
    return tuple(form for form in forms if loaded & frozenset(form.packs))

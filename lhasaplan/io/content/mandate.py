"""Read a mandate from TOML, every fault of the file at once; and write it."""

from dataclasses import asdict
from datetime import date
from json import dumps
from pathlib import Path

from pydantic import AfterValidator, BeforeValidator

from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.files.replacing import replacing
from lhasaplan.io.content.packs import lonlat_polygon
from lhasaplan.io.parse.validation import TomlSchema, read_stated, refuse

NO_DATE = marked("{value} is not a date of the form YYYY-MM-DD.")


def _day(value: object) -> object:
    text = value.isoformat() if type(value) is date else value  # TOML has dates of its own
    if isinstance(text, str) and text.strip() and iso_date(text.strip()) is None:
        raise refuse(NO_DATE, value=text)
    return text


MANDATE = TomlSchema(
    checks={
        "Mandate.impact_assessment_date": BeforeValidator(_day),
        "Mandate.date": BeforeValidator(_day),
        "Mandate.plan_area_wkt": AfterValidator(lonlat_polygon),
        "Mandate.building_extent_wkt": AfterValidator(lonlat_polygon),
    }
)


def read_mandate(path: Path) -> Mandate:
    """Return the mandate of a TOML file; an absent key is a gap that the gate names, not a fault of the file.

    Raises
    ------
    InputError
        Every unknown key, wrong type, date not YYYY-MM-DD and polygon that is none, each with file and key.
    """
    return read_stated(path, Mandate, MANDATE)


def write_mandate(path: Path, mandate: Mandate) -> None:
    """Write a mandate as the TOML file that :func:`read_mandate` reads; what it does not say is left out."""
    said = {name: value for name, value in asdict(mandate).items() if value not in ("", (), None)}
    # A string of JSON is one of TOML; other letters than ASCII stand as they are.
    lines = (f"{name} = {dumps(value, ensure_ascii=False)}" for name, value in said.items())
    text = "".join(f"{line}\n" for line in lines)
    with replacing(path) as draft:
        draft.write_text(text, "utf-8")

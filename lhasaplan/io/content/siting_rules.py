"""Read ``data/siting.toml``: where cameras may be proposed, what they may be, and what weighs how much."""

import re
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.work import UnitPrices, Work
from lhasaplan.core.rules.audit_policy import GenericClass, SitingRules, TagValues, Weights, least_frontage
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.validation import Stated, read_valid, refuse

# Read ``data/prices.toml``: what each kind of work on cameras costs once, as far as the office has filled it in.

NOT_A_PRICE = marked("{value} is no price: state a number above 0, or leave it empty until it is known.")
NO_CURRENCY = marked("{value} is no currency: write its three letters, such as EUR")
LONGEST, MOST = 60, sys.float_info.max
_LETTERS = re.compile(r"[A-Z]{3}")  # of ISO 4217


def _price(value: object) -> float | None:
    """Return a price; None for one that is to be filled, which is never nothing."""
    if value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MOST:
        return float(value)
    raise refuse(NOT_A_PRICE, value=str(value)[:LONGEST] or "?")


def _currency(value: object) -> str:
    """Return a currency by its three letters; empty where it is not stated."""
    text = value.strip().upper() if isinstance(value, str) else "?"
    if text and not _LETTERS.fullmatch(text):
        raise refuse(NO_CURRENCY, value=str(value)[:LONGEST] or "?")
    return text


Currency = Annotated[str, BeforeValidator(_currency)]
Price = Annotated[float | None, BeforeValidator(_price)]
_FIELDS: dict[str, Any] = {str(work): (Price, None) for work in Work}  # of a model that is made: pydantic names them itself
PricesTable = create_model("PricesTable", __config__=ConfigDict(extra="forbid"), **_FIELDS)


class PricesFile(BaseModel):
    """The whole file; a kind of work that is left out is to be filled, too."""

    model_config = ConfigDict(extra="forbid")
    currency: Currency = ""
    unit_prices: PricesTable  # type: ignore[valid-type]


def load_unit_prices(path: Path | None = None) -> UnitPrices:
    """Return the prices that the shipped file states, or another; InputError names every key that is wrong."""
    content = read_valid(path or content_folder("data") / "prices.toml", PricesFile).model_dump()
    prices = content["unit_prices"]
    return UnitPrices({work: prices[work] for work in Work if prices[work] is not None}, content["currency"])


TOO_LIGHT = marked(
    "protected frontage in view weighs {value}; beside the other weights it has to weigh {least}: data may tighten, never loosen"
)
Metres = Annotated[float, Field(gt=0, le=500)]
Height = Annotated[float, Field(ge=2.0, le=30.0)]
Effort = Annotated[float, Field(gt=0, le=1e6)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class EffortFile(BaseModel):
    """What it takes to find a value out; it takes something."""

    model_config = ConfigDict(extra="forbid")
    mount_height_m: Effort
    tilt_deg: Effort
    range_m: Effort
    hfov_deg: Effort


class SitingFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    reach_m: Metres
    spacing_m: Annotated[float, Field(ge=1, le=100)]
    positions: Count
    corners: bool
    heights_m: Annotated[tuple[tuple[Height, Height], ...], Field(min_length=1, max_length=5)]
    azimuth_step_deg: Annotated[float, Field(ge=5, le=360)]
    headroom_deg: Annotated[float, Field(ge=0, le=45)]
    most_new: Count
    most_masked: Count
    most_changes: Count
    options: Annotated[int, Field(ge=0, le=200)]
    poles: TagValues = {}
    forbidden: TagValues = {}
    classes: tuple[Annotated[GenericClass, Stated()], ...] = Field(alias="class")
    weight: Annotated[Weights, Stated()]
    effort: EffortFile


def load_siting_rules(path: Path | None = None) -> SitingRules:
    """Return the shipped rules, or those of another file; InputError names every key that is wrong."""
    path = path or content_folder("data") / "siting.toml"
    found = read_valid(path, SitingFile)
    least = least_frontage(found.weight)
    if found.weight.frontage_m < least:
        params = {"value": f"{found.weight.frontage_m:g}", "least": f"{least:g}"}
        raise InputError(Fault(TOO_LIGHT, Where(path.name, item="weight.frontage_m"), params))
    values = found.model_dump(exclude={"classes", "weight"})
    return SitingRules(**values, classes=found.classes, weights=found.weight)

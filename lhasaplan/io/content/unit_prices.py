"""Read ``data/prices.toml``: what each kind of work on cameras costs once, as far as the office has filled it in."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, create_model

from lhasaplan.content import content_folder
from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes.work import Work
from lhasaplan.io.parse.valid_file import read_valid
from lhasaplan.io.parse.validation import refuse

NOT_A_PRICE = marked("{value} is no price: state a number above 0, or leave it empty until it is known.")
LONGEST = 60


def _price(value: object) -> float | None:
    """Return a price; None for one that is to be filled, which is never nothing."""
    if value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0:
        return float(value)
    raise refuse(NOT_A_PRICE, value=str(value)[:LONGEST] or "?")


Price = Annotated[float | None, BeforeValidator(_price)]
_FIELDS: dict[str, Any] = {str(work): (Price, None) for work in Work}  # of a model that is made: pydantic names them itself
PricesTable = create_model("PricesTable", __config__=ConfigDict(extra="forbid"), **_FIELDS)


class PricesFile(BaseModel):
    """The whole file; a kind of work that is left out is to be filled, too."""

    model_config = ConfigDict(extra="forbid")
    unit_prices: PricesTable  # type: ignore[valid-type]


def load_unit_prices(path: Path | None = None) -> Mapping[Work, float]:
    """Return the prices that the shipped file states, or another; InputError names every key that is wrong."""
    content = read_valid(path or content_folder("data") / "prices.toml", PricesFile).model_dump()["unit_prices"]
    return {work: content[work] for work in Work if content[work] is not None}

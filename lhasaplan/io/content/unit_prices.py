"""Read ``data/prices.toml``: what each kind of work on cameras costs once, as far as the office has filled it in."""

import re
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, create_model

from lhasaplan.content import content_folder
from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes.work import UnitPrices, Work
from lhasaplan.io.parse.valid_file import read_valid
from lhasaplan.io.parse.validation import refuse

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

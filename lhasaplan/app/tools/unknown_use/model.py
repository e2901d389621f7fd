"""Buildings of unknown use as a table: where each lies, and whether house numbers or entrances make it a dwelling, likely."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import Index, ListingModel
from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.workflow import UnknownListing

COLUMNS = (marked("Building"), marked("Told as"), marked("Street"), marked("Longitude"), marked("Latitude"))
UNKNOWN, LIKELY = marked("of unknown use"), marked("dwelling, likely")


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """One building."""

    identity: str
    is_likely: bool
    street: str
    lonlat: tuple[float, float] | None
    shape: Any


def rows_of(listing: "UnknownListing") -> tuple[Row, ...]:
    """Return a row for each building."""
    found = listing.buildings
    parts = zip(found.ids, found.likely.tolist(), listing.streets, listing.lonlat, found.shapes.tolist(), strict=True)
    return tuple(Row(*part) for part in parts)


class UnknownUseModel(ListingModel[Row]):
    """A row a building."""

    def __init__(self, language: Language) -> None:
        super().__init__(language, COLUMNS)

    def text(self, row: Row, index: Index) -> str:
        """Return what a cell reads."""
        at = ("", "") if row.lonlat is None else tuple(f"{degrees:.5f}" for degrees in row.lonlat)
        return (row.identity, self._say(LIKELY if row.is_likely else UNKNOWN), row.street, *at)[index.column()]

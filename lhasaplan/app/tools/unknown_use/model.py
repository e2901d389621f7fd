"""Buildings of unknown use as a sheet: what each is called and where it lies, and whether it is a dwelling, likely."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lhasaplan.app.look.language import Language
from lhasaplan.app.models.sheet import Sheet, SheetColumn
from lhasaplan.core.base.wording import marked
from lhasaplan.core.city.human_names import building_names
from lhasaplan.report.text.numerals import grouped_text, number_text

if TYPE_CHECKING:
    from lhasaplan.workflow import UnknownListing

UNKNOWN, LIKELY = marked("of unknown use"), marked("dwelling, likely")
GROUPS = ("street", "told")
SENTENCE = marked("{building}: {told}, {area} m² of ground")
DEGREES_DIGITS = 5  # a metre


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """One building."""

    identity: str
    is_likely: bool
    address: str
    street: str
    lonlat: tuple[float, float] | None
    shape: Any


def rows_of(listing: "UnknownListing") -> tuple[Row, ...]:
    """Return a row for each building."""
    found = listing.buildings
    where = listing.addresses, listing.streets, listing.lonlat
    return tuple(Row(*part) for part in zip(found.ids, found.likely.tolist(), *where, found.shapes.tolist(), strict=True))


class UnknownUseSheet(Sheet[Row]):
    """A row a building."""

    def __init__(self, language: Language) -> None:
        self._called: Mapping[str, str] = {}
        super().__init__(language, self._make_columns(), lambda row: row.identity)

    def show(self, listing: "UnknownListing | None") -> None:
        """Show other buildings, street by street unless a heading was clicked."""
        rows = tuple(sorted(rows_of(listing), key=lambda row: (row.street, row.address))) if listing is not None else ()
        self._name(rows)
        self.set_rows(rows)

    def reword(self) -> None:
        """Name the buildings in another language."""
        self._name(self.all_rows)
        super().reword()

    def _name(self, rows: tuple[Row, ...]) -> None:
        ids, addresses, streets = ([row.identity for row in rows], [row.address for row in rows], [row.street for row in rows])
        self._called = building_names(ids, addresses, streets, self._say.wording)

    def _make_columns(self) -> list[SheetColumn[Row]]:
        return [
            SheetColumn("called", marked("Name"), self.called, width_px=240, tip=lambda row: row.identity),
            SheetColumn("told", marked("Told as"), self._told, width_px=150),
            SheetColumn("street", marked("Street"), lambda row: row.street, width_px=180),
            SheetColumn("area_m2", marked("Ground"), self._area, _area_m2, 100, is_number=True, unit="m²"),
            SheetColumn("lon", marked("Longitude"), self._degrees(0), _at(0), 84, is_number=True),
            SheetColumn("lat", marked("Latitude"), self._degrees(1), _at(1), 84, is_number=True),
            SheetColumn("identity", marked("Identifier"), lambda row: row.identity, width_px=150, is_shown=False, is_key=True),
        ]

    def called(self, row: Row) -> str:
        """Return what a building is called."""
        return self._called[row.identity]

    def sentence(self, row: Row) -> str:
        """Return what is known of a building."""
        return self._say(SENTENCE, building=self.called(row), told=self._told(row), area=self._area(row))

    def _told(self, row: Row) -> str:
        return self._say(LIKELY if row.is_likely else UNKNOWN)

    def _area(self, row: Row) -> str:
        return grouped_text(_area_m2(row), self._say.wording)

    def _degrees(self, axis: int) -> Callable[[Row], str]:
        def read(row: Row) -> str:
            return "" if row.lonlat is None else number_text(row.lonlat[axis], self._say.wording, DEGREES_DIGITS)

        return read


def _area_m2(row: Row) -> float:
    return float(row.shape.area)


def _at(axis: int) -> Callable[[Row], Any]:
    return lambda row: None if row.lonlat is None else row.lonlat[axis]

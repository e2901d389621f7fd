"""A small map of a candidate and its surroundings, and a sheet of them: outline, streets by name, scale, north."""

from itertools import groupby
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.sheets import PictureRow, PlaceSheet
from lhasaplan.report.formats import pdf, web_page
from lhasaplan.report.formats.sheet_formats import require_format
from lhasaplan.report.maps.base_map import BaseMap, Frame, attribution
from lhasaplan.report.maps.figures import place_map
from lhasaplan.report.text.document import Block, Document, Figure, Heading, Paragraph
from lhasaplan.report.text.words import banners, term

STEP = marked("Drawing the places")
LEAST_M, AROUND = 60.0, 1.0  # half of the frame: so much at least, and of a candidate's longer side
WIDTH = 0.42
WRITERS = {".pdf": pdf.write_document, ".html": web_page.write_document}
FIRST_WORDS = marked(
    "Each picture shows where a candidate lies and what density it would ask for. No picture says whether it may "
    "become demand, and none shows what is protected."
)


def write_place_sheet(sheet: PlaceSheet, path: Path, translations: Translations, progress: Progress = no_progress) -> Path:
    """Write the pictures as PDF or HTML, by the ending of the file; InputError for any other."""
    require_format(path)
    return WRITERS[path.suffix.casefold()](compose_places(sheet, translations, progress), path, translations)


def compose_places(sheet: PlaceSheet, translations: Translations, progress: Progress = no_progress) -> Document:
    """Return a section for each category, with a picture for each of its candidates."""
    draw, blocks = SheetPictures(sheet, translations), list[Block]([Paragraph(translations(FIRST_WORDS), "small")])
    done = 0
    for category, rows in groupby(sorted(sheet.rows, key=lambda row: (row.category, row.part_id)), lambda row: row.category):
        blocks.append(Heading(term(sheet.terms, f"category:{category}", translations), 2))
        for row in rows:
            progress(done / len(sheet.rows), STEP)
            blocks += draw.blocks(row)
            done += 1
    footer = " · ".join([sheet.project, *attribution(sheet)])
    title, heads = translations(marked("Candidates")), banners(sheet, translations)
    return Document(title, sheet.project, translations.language, heads, tuple(blocks), footer)


class SheetPictures:
    """Draws candidates of one town, whose map and street names are made once."""

    def __init__(self, sheet: PlaceSheet, translations: Translations) -> None:
        self._sheet, self._translations = sheet, translations
        self._base = BaseMap(sheet)

    def png(self, shape: BaseGeometry) -> bytes:
        """Return the picture of one place."""
        frame = _frame(shape)
        return place_map(self._base, shape, frame, self._base.streets.names(frame), self._sheet, self._translations)

    def blocks(self, row: PictureRow) -> list[Block]:
        """Return the picture, and under it what it is of: a paragraph, for small pictures stay with what follows."""
        caption = self.caption(row)
        alt = self._translations(marked("Map of the place: {text}"), text=caption)
        return [Figure(self.png(row.shape), "", WIDTH, alt=alt), Paragraph(caption, "small")]

    def caption(self, row: PictureRow) -> str:
        """Return name, street, place on Earth, what it would ask for, what was decided, and the id."""
        at = "" if row.lonlat is None else f"{row.lonlat[0]:.5f}, {row.lonlat[1]:.5f}"
        density = self._translations(marked("{density} px/m"), density=f"{row.density_px_m:g}")
        return " · ".join(filter(None, (row.name, row.street, at, density, self._translations(row.state), row.part_id)))


def _frame(shape: BaseGeometry) -> Frame:
    """Return a square round a place that shows some of its surroundings."""
    west, south, east, north = shape.bounds
    half = max(LEAST_M, (0.5 + AROUND) * max(east - west, north - south))
    x, y = (west + east) / 2, (south + north) / 2
    return x - half, y - half, x + half, y + half

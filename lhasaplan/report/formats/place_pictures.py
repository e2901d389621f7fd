"""A small map of a candidate and its surroundings, and a sheet of them: outline, streets by name, scale, north."""

import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.streets import named_streets
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.results.sheets import PictureRow, PlaceSheet
from lhasaplan.report.formats import pdf, web_page
from lhasaplan.report.formats.sheet_formats import require_format
from lhasaplan.report.maps.base_map import BaseMap, Frame, attribution
from lhasaplan.report.maps.figures import StreetName, place_map
from lhasaplan.report.text.document import Block, Document, Figure, Heading, Paragraph
from lhasaplan.report.text.words import banners, term

STEP = marked("Drawing the places")
LEAST_M, AROUND = 60.0, 1.0  # half of the frame: so much at least, and of a candidate's longer side
MOST_NAMES, APART = 8, 0.16  # names of streets in a picture, and how far apart, as a share of its width
ALONG = (0.5, 0.25, 0.75, 0.12, 0.88)  # where along a street its name may stand, best first
WIDTH = 0.42
WRITERS = {".pdf": pdf.write_document, ".html": web_page.write_document}
FIRST_WORDS = marked(
    "Each picture shows where a candidate lies and what it would ask for; none says whether it may become demand, and none "
    "shows what is protected."
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
        self._base, self._streets = BaseMap(sheet), _Streets(sheet.layers.get("roads"))

    def png(self, shape: BaseGeometry) -> bytes:
        """Return the picture of one place."""
        frame = _frame(shape)
        return place_map(self._base, shape, frame, self._streets.names(frame), self._sheet, self._translations)

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


class _Streets:
    """Streets by name, found by frame."""

    def __init__(self, roads: Layer | None) -> None:
        rows = list(named_streets(roads)) if roads is not None else []
        self._shapes = np.array([*(shape for shape, _ in rows), None], object)[:-1]
        self._names, self._tree = [name for _, name in rows], shapely.STRtree(self._shapes)

    def names(self, frame: Frame) -> tuple[StreetName, ...]:
        """Return the names to be written in a frame, each once: the longest stretches first, none upon another or the middle."""
        apart_m, found = APART * (frame[2] - frame[0]), dict[str, StreetName]()
        taken = [((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2)]
        for name, line in self._stretches(frame):
            if name in found or line.length < apart_m or len(found) == MOST_NAMES:
                continue
            spots = (_at(line, share) for share in ALONG)
            free = next((spot for spot in spots if all(math.dist(spot[0], each) > apart_m for each in taken)), None)
            if free is not None:
                found[name] = StreetName(name, *free)
                taken.append(free[0])
        return tuple(found.values())

    def _stretches(self, frame: Frame) -> Iterator[tuple[str, shapely.LineString]]:
        """Yield the lines of named streets within a frame, the longest first, by name where two are equal."""
        inset = 0.06 * (frame[2] - frame[0])
        window = shapely.box(frame[0] + inset, frame[1] + inset, frame[2] - inset, frame[3] - inset)
        by_name: dict[str, list[BaseGeometry]] = {}
        for row in sorted(self._tree.query(window, predicate="intersects").tolist()):
            by_name.setdefault(self._names[row], []).append(shapely.intersection(self._shapes[row], window))
        lines = [
            (name, line)
            for name, shapes in by_name.items()
            for line in shapely.get_parts(shapely.line_merge(shapely.union_all(shapes))).tolist()
            if line.geom_type == "LineString"
        ]
        yield from sorted(lines, key=lambda pair: (-pair[1].length, pair[0]))


def _at(line: shapely.LineString, share: float) -> tuple[tuple[float, float], float]:
    """Return a point of a line and its direction there in degrees, as it is read from the left."""
    before, point, after = (line.interpolate(each, normalized=True) for each in (share - 0.1, share, share + 0.1))
    angle_deg = math.degrees(math.atan2(after.y - before.y, after.x - before.x))
    return (point.x, point.y), (angle_deg + 90.0) % 180.0 - 90.0

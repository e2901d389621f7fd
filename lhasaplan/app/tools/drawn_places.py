"""The tool that draws areas, surveys and protected places on the map, changes them by corners, and takes drawn places out."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.analysing import decide
from lhasaplan.app.commands.project_files import CHANGED
from lhasaplan.app.commands.workbench import Entry, SpotEntry, Switch, Tool, Workbench
from lhasaplan.app.dialogs.asking import AreaWish, SurveyWish
from lhasaplan.app.map.drawing import CHANGING, DRAWING, Area, Corners, ShapeDrawing, corners_of
from lhasaplan.app.map.shapes import places_at
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.surveys import OBSERVER, SITE, SURVEYED, SURVEYS
from lhasaplan.core.model.file_kinds import ANY_COLUMN
from lhasaplan.core.model.layer import empty_layer, without
from lhasaplan.core.project.journal import FileImported, JournalEntry
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import drawn_files
from lhasaplan.core.records.schedule import Author

if TYPE_CHECKING:
    from lhasaplan.workflow.imports import ImportReport, Taking

TAKEN = marked("Take out drawn protected places")
NONE_OPEN = marked("Nothing is drawn here that you could take out. Open closed places with their passphrase first.")


class TakingOut:
    """Asks which, and who; the step can be taken back as any other."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def take_out(self) -> None:
        """Find the drawn places, ask which go, then take them out."""
        project = self._bench.session.project
        self._bench.notices.start("file", lambda _report: drawn_files(project), lambda files: self._ask(project, files))

    def _ask(self, project: Project, files: Mapping[str, int]) -> None:
        if not files:
            self._bench.notices.tell(NONE_OPEN)
            return
        services = self._bench.services
        wish = self._bench.dialogs.ask_removal(files)
        if wish is not None:
            decide(self._bench, project, TAKEN, TAKEN, lambda: (workflow.drop_drawn(services, project, wish.by, wish.files), ()))


# What is drawn is taken in as a file of it would be: recognised, counted, noted in the journal, and undone as one step.

AREAS_FILE, PLACE_FILE, SURVEYS_FILE = "drawn areas.geojson", "drawn place {digest}.geojson", "drawn surveys.geojson"
AREA, PLACE, SURVEY = "draw_area", "draw_protected", "draw_survey"  # modes of the map
DRAWN = marked("Draw an area")
KEPT_AREA = marked("The area is in the project.")
KEPT_SURVEY = marked("The survey is in the project. The next audit counts streets that somebody looked at apart from all others.")
KEPT_PLACE = marked("The protected place is in the project. It stands on no map; the next audit counts what cameras show of it.")
REMOVED = marked("Remove what was drawn")
IS_REMOVED = marked("What was drawn is no longer in the project.")
REMOVING = marked("Delete beside all corners removes it.")
NO_AREA_HERE = marked("No area that was drawn in this window lies here. Change others in the file that brought them.")
NO_TOWN = marked("Import city data first: what is drawn needs a place on the ground.")

DRAWN_FILES = {"areas": (AREAS_FILE, "area"), SURVEYS: (SURVEYS_FILE, "survey")}  # file and first word of ids, by layer


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area or a survey that was drawn in the window, as its layer has it."""

    layer: str
    key: str
    tags: Mapping[str, str]
    geometry: Mapping[str, object]  # as GeoJSON
    corners: Corners


class AreaDrawing:
    """Draws areas by which results are split, where somebody looked for cameras, and protected places, which no map shows."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._changed = ""  # the key of the area whose corners are changed
        mode, canvas = bench.session.mode, bench.canvas
        self.area = ShapeDrawing(canvas, mode, AREA, self._take_area)
        self.survey = ShapeDrawing(canvas, mode, SURVEY, self._take_survey)
        self.place = ShapeDrawing(canvas, mode, PLACE, self._take_place)
        self._drawings = self.area, self.survey, self.place
        self.area.removed = self.survey.removed = self._remove_changed
        for drawing in self._drawings:
            canvas.add_map_tool(drawing)
        mode.changed.connect(self._follow_mode)

    def turn(self, on: bool, drawing: ShapeDrawing) -> None:
        """Begin to draw, or end it."""
        self._changed = ""
        if not on:
            self._bench.session.mode.switch(drawing.key_of_mode, False)
        elif self._bench.session.project.crs:
            drawing.begin()
        else:
            self._bench.notices.note(NO_TOWN, tone=Tone.NOTE)

    def change_at(self, x_m: float, y_m: float) -> None:
        """Change the corners of the smallest area or survey drawn at a spot."""
        drawn = list(_drawn_areas(self._bench.session.project, (x_m, y_m)))
        plain = [each for each in drawn if each.corners]
        if not plain:
            self._bench.notices.note(NO_AREA_HERE, tone=Tone.NOTE)
            return
        (self.survey if plain[0].layer == SURVEYS else self.area).begin(plain[0].corners)
        self._changed = plain[0].key
        self._follow_mode()

    def remove_at(self, x_m: float, y_m: float) -> None:
        """Remove the smallest drawn area at a spot."""
        drawn = next(_drawn_areas(self._bench.session.project, (x_m, y_m)), None)
        if drawn is None:
            self._bench.notices.note(NO_AREA_HERE, tone=Tone.NOTE)
        else:
            self._remove(drawn)

    def _remove_changed(self) -> None:
        """Remove what is being changed."""
        on = SURVEYS if self.survey.is_on else "areas"
        drawn = _drawn_areas(self._bench.session.project)
        self._remove(next(each for each in drawn if (each.layer, each.key) == (on, self._changed)))

    def _remove(self, drawn: DrawnArea) -> None:
        session, notices = self._bench.session, self._bench.notices
        before = session.project
        session.mode.use("")
        session.edit(REMOVED, lambda project: without_drawn(project, drawn, session.author))
        notices.note(IS_REMOVED, actions=notices.undoing(before))

    def _follow_mode(self) -> None:
        on = next((each for each in self._drawings if each.is_on), None)
        hints = [] if on is None else [CHANGING if on.is_closed else DRAWING]
        hints += [REMOVING] if self._changed and hints == [CHANGING] else []
        self._bench.session.attention.guide(AREA, " ".join(map(self._bench.language, hints)))

    def _take_area(self, corners: Corners) -> None:
        tags = self._tags_of_changed("areas")
        names = self._bench.area_names()
        wish = self._bench.dialogs.ask_area(AreaWish(tags.get("name", ""), tags.get("parent", "")), names)
        if wish is not None:
            fresh = {"name": wish.name} | ({"parent": wish.part_of} if wish.part_of else {})
            self._put("areas", corners, fresh, KEPT_AREA)

    def _take_survey(self, corners: Corners) -> None:
        tags = self._tags_of_changed(SURVEYS)
        day = tags.get(SURVEYED, self._bench.session.author.date)
        wish = self._bench.dialogs.ask_survey(SurveyWish(day, tags.get(OBSERVER, ""), tags.get(SITE, "")))
        if wish is not None:
            fresh = {SURVEYED: wish.day, OBSERVER: wish.observers, SITE: wish.site}
            self._put(SURVEYS, corners, {key: text for key, text in fresh.items() if text}, KEPT_SURVEY)

    def _tags_of_changed(self, layer: str) -> Mapping[str, str]:
        drawn = (each for each in _drawn_areas(self._bench.session.project) if (each.layer, each.key) == (layer, self._changed))
        return next((each.tags for each in drawn), {})

    def _put(self, layer: str, corners: Corners, tags: Mapping[str, str], kept: str) -> None:
        """Take a shape in among those of its layer that were drawn before, in place of the one whose corners were changed."""
        drawn = {each.key: each for each in _drawn_areas(self._bench.session.project) if each.layer == layer}
        file, stem = DRAWN_FILES[layer]
        key = self._changed or next(name for number in count(1) if (name := f"{stem}-{number}") not in drawn)
        features = {each.key: _feature(each.key, each.tags, each.geometry) for each in drawn.values()}
        features[key] = _feature(key, tags, _polygon(corners))
        self._import(file, layer, list(features.values()), kept)

    def _take_place(self, corners: Corners) -> None:
        word = self._bench.dialogs.ask_protected_kind()
        if word is not None:
            digest = hashlib.sha256(repr(corners).encode()).hexdigest()[:8]
            feature = _feature(f"place-{digest}", {"lhasaplan": word}, _polygon(corners))
            self._import(PLACE_FILE.format(digest=digest), "places", [feature], KEPT_PLACE)

    def _import(self, name: str, kind: str, features: Sequence[Mapping[str, object]], kept: str) -> None:
        before, services, notices = self._bench.session.project, self._bench.services, self._bench.notices
        system = {"type": "name", "properties": {"name": before.crs}}
        text = json.dumps({"type": "FeatureCollection", "crs": system, "features": list(features)}, ensure_ascii=False)

        def work(_report: object) -> "tuple[Project, ImportReport]":
            with TemporaryDirectory() as folder:
                path = Path(folder) / name
                path.write_text(text, "utf-8")
                how: Taking = {"replace_more": True, "no_use": (ANY_COLUMN,)}
                return workflow.import_file(services, before, path, kind=kind, crs=before.crs, **how)

        def take(found: "tuple[Project, ImportReport]") -> None:
            if self._bench.session.project is not before:  # an edit came between; nothing of it may be lost
                notices.note(CHANGED)
                return
            self._bench.session.edit(DRAWN, lambda _project: found[0])
            notices.note(kept, actions=notices.undoing(before))

        notices.start("file", work, take)


def _drawn_areas(project: Project, at: tuple[float, float] | None = None) -> Iterator[DrawnArea]:
    """Yield areas and surveys that were drawn in the window, those at a spot alone if one is named, the smallest first."""
    found: list[tuple[float, DrawnArea]] = []
    for name, (file, _) in DRAWN_FILES.items():
        layer = project.layers.get(name) or empty_layer(name)
        shapes: list[Area] = list(layer.geometry)
        rows = [row for row, source in enumerate(layer.source) if source == file]
        if at is not None:
            rows = [rows[number] for number in places_at([shapes[row] for row in rows], *at)]
        for row in rows:
            shape, tags = shapes[row], {key: value for key, value in layer.tags[row].items() if key != "id"}
            key = _key(layer.ids[row])
            found.append((float(shape.area), DrawnArea(name, key, tags, shape.__geo_interface__, corners_of(shape))))
    yield from (each for _, each in sorted(found, key=lambda pair: pair[0]))


def without_drawn(project: Project, drawn: DrawnArea, author: Author) -> Project:
    """Return the project without what was drawn in the window, noted in the journal as its file taken in anew."""
    layer, (file, _) = project.layers[drawn.layer], DRAWN_FILES[drawn.layer]
    rows = [row for row, source in enumerate(layer.source) if source == file]
    kept = without(layer, [row for row in rows if _key(layer.ids[row]) == drawn.key])
    left = len(rows) - (len(layer) - len(kept))
    layers = {name: each for name, each in project.layers.items() if name != drawn.layer}
    files = (replace(each, features=left) if each.path == file else each for each in project.inputs)
    entry = JournalEntry(FileImported(file, drawn.layer, counts={drawn.layer: left}), author.date, author.source)
    return replace(
        project,
        layers=layers | ({drawn.layer: kept} if len(kept) else {}),
        inputs=tuple(each for each in files if each.features or each.path != file),
        journal=(*project.journal, entry),
    )


def _key(feature_id: object) -> str:
    return str(feature_id).rpartition("/")[2]


def _feature(key: str, tags: Mapping[str, str], geometry: Mapping[str, object]) -> Mapping[str, object]:
    return {"type": "Feature", "id": key, "properties": dict(tags), "geometry": geometry}


def _polygon(corners: Corners) -> Mapping[str, object]:
    return {"type": "Polygon", "coordinates": [[list(each) for each in (*corners, corners[0])]]}


KEY, EDIT = "drawn_places", marked("&Edit")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    taking, drawing, changed = TakingOut(bench), AreaDrawing(bench), bench.session.mode.changed

    def switch(which: ShapeDrawing) -> Switch:
        return Switch(lambda on: drawing.turn(on, which), lambda: which.is_on, changed)

    entries = (
        (EDIT, Entry(AREA, marked("Draw an a&rea…"), switch(drawing.area))),
        (EDIT, Entry(SURVEY, marked("Draw where somebody looked for &cameras…"), switch(drawing.survey))),
        (EDIT, Entry(PLACE, marked("Draw a &protected place…"), switch(drawing.place))),
        (EDIT, Entry("take_out", marked("&Take out drawn protected places…"), taking.take_out)),
    )

    def has_drawn() -> bool:
        return next(_drawn_areas(bench.session.project), None) is not None

    spots = (
        SpotEntry(marked("Change what was drawn here"), drawing.change_at, has_drawn),
        SpotEntry(marked("Remove what was drawn here"), drawing.remove_at, has_drawn),
    )
    return Tool(KEY, entries=entries, spot_entries=spots, commands=taking)

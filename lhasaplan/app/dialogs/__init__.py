"""What the window asks and tells in boxes of its own."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from lhasaplan.app.dialogs import asking, decisions, form, previews
from lhasaplan.app.look import NAMES, Language, plain_label
from lhasaplan.app.state.selection import Preferences
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.file_kinds import AUDIENCES, COUNCIL, DRAFT_FORMATS, KIND_NAMES, estimated
from lhasaplan.core.model.file_kinds import DATUMS as FILE_DATUMS
from lhasaplan.ports import PROJECT_ENDING

KINDS = {"": marked("recognise by itself"), **KIND_NAMES}
DATUM_NAMES = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}
DATUMS = {"": marked("as stated in the file, otherwise WGS 84"), **{each: DATUM_NAMES[each] for each in FILE_DATUMS}}
OWN_CHOICE, ABOUT_SIZE = marked("my own choice"), marked("About {size} MB, {time} seconds")
PROJECT_FILES = marked("Projects (*.gpkg)")
MANDATE_FILES = marked("Mandates (*.toml)")
ROUTE_FILES = marked("Lines of a walk (*)")
IMPORT_FILES = marked("City data and camera lists (*)")
TEMPLATES = {
    ".docx": (marked("Your Word template"), marked("Templates of Word (*.docx)")),
    ".pptx": (marked("Your template for slides"), marked("Templates of slides (*.pptx)")),
}
UNNAMED = marked("new project")
EVERY_LAYER = marked("All layers whose content is recognised")
LayerList = Callable[[Path, Callable[[Sequence[str]], None]], object]
PROPOSALS = marked("Compute proposals and put them into the plan and its slides")
FEW_LINES = 5
_NO_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')  # what some system allows in no name of a file


def file_name(text: str) -> str:
    """Return a text as the name of a file on any system.

    >>> file_name('Plan 3: "north" / east.')
    'Plan 3 north east'
    """
    return " ".join(_NO_NAMES.sub(" ", text).split()).strip(". ")


@dataclass(frozen=True, slots=True)
class AskedImport:
    """Files to take in, and how to read them."""

    paths: tuple[Path, ...]
    kind: str | None
    crs: str | None
    datum: str
    replace_more: bool = False


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What to write, in which language, and where; ``proposals`` are to be worked out and set into the plan."""

    formats: tuple[str, ...]
    language: str
    folder: Path
    templates: tuple[Path, ...] = ()
    proposals: bool = False


Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
OSM_FILES = marked("OpenStreetMap extracts (*.pbf *.osm *.gz *.bz2 *.zip *.json)")
CHANGE_FILES = marked("osmChange (*.osc);;JOSM (*.osm)")


def _over_window(ask: Callable[Concatenate[QWidget, Language, Asked], Answer]) -> Callable[Concatenate["Dialogs", Asked], Answer]:
    """Let a question be one of the window: its box stands over it and speaks its language."""

    def ask_over_window(self: "Dialogs", /, *asked: Asked.args, **how: Asked.kwargs) -> Answer:
        return ask(self._parent, self._say, *asked, **how)

    return ask_over_window


class Dialogs:
    """Every box the window opens; tests answer in its place."""

    ask_passphrase = _over_window(asking.ask_passphrase)
    ask_new_passphrase = _over_window(asking.ask_new_passphrase)
    ask_address = _over_window(asking.ask_address)
    ask_new_address = _over_window(asking.ask_new_address)
    ask_take = _over_window(previews.ask_take)
    ask_confirmation = _over_window(decisions.ask_confirmation)
    ask_excuse = _over_window(decisions.ask_excuse)
    ask_declaration = _over_window(decisions.ask_declaration)
    ask_name_declaration = _over_window(decisions.ask_name_declaration)
    ask_border_declaration = _over_window(decisions.ask_border_declaration)
    ask_area_declaration = _over_window(decisions.ask_area_declaration)
    ask_declaration_table = _over_window(decisions.ask_table)
    ask_removal = _over_window(decisions.ask_removal)
    ask_suspended = _over_window(decisions.ask_suspended)
    ask_print = _over_window(previews.ask_print)
    ask_version = _over_window(asking.ask_version)
    ask_area = _over_window(asking.ask_area)
    ask_survey = _over_window(asking.ask_survey)
    ask_protected_kind = _over_window(asking.ask_protected_kind)
    ask_district = _over_window(asking.ask_district)
    ask_versions = _over_window(asking.ask_versions)
    ask_sides = _over_window(asking.ask_sides)

    def __init__(self, parent: QWidget, language: Language) -> None:
        self._parent, self._say = parent, language
        self.preferences = Preferences()  # the window gives its own, which are kept
        self.list_layers: LayerList = lambda _path, _show: None  # the window gives its own, which reads beside it
        self.template_faults: form.Judge = lambda _paths: ()  # the window gives its own, which opens them
        self._is_telling = False
        self._waiting: dict[tuple[str, tuple[str, ...]], None] = {}  # in order, each once

    def tell(self, title: str, lines: Sequence[str]) -> None:
        """Tell something in sentences, one box at a time: what comes meanwhile waits, and waits once."""
        self._waiting[title, tuple(lines)] = None
        if self._is_telling:
            return
        self._is_telling = True
        try:
            while self._waiting:
                reported = next(iter(self._waiting))
                self._show(*reported)
                del self._waiting[reported]
        finally:
            self._is_telling = False

    def _show(self, title: str, lines: Sequence[str]) -> None:
        """Show a box; a long list can be scrolled and copied."""
        if len(lines) <= FEW_LINES:
            box = QMessageBox(
                QMessageBox.Icon.Information, title, "\n\n".join(lines), QMessageBox.StandardButton.Ok, self._parent
            )
            box.setTextFormat(Qt.TextFormat.PlainText)
            form.drop_icons(box)
            box.exec()
            return
        dialog = form.Form(self._parent, self._say, title, lines[0], can_refuse=False)
        text = QPlainTextEdit("\n".join(lines[1:]), readOnly=True)
        text.setMinimumSize(560, 300)
        dialog.rows.addRow(text)
        dialog.exec()

    def forget_words(self) -> None:
        """Begin with empty boxes again: what was written in them is done."""
        form.forget_words(self._parent)

    def ask_save(self) -> str:
        """Return ``save``, ``discard`` or ``cancel`` for unsaved changes."""
        buttons = QMessageBox.StandardButton
        box = QMessageBox(QMessageBox.Icon.Question, self._say(marked("Unsaved changes")), "", parent=self._parent)
        box.setText(self._say(marked("The project has changes that are not saved. Save them?")))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        form.drop_icons(box)
        answer = QMessageBox.StandardButton(box.exec())
        return {buttons.Save: "save", buttons.Discard: "discard"}.get(answer, "cancel")

    def ask_open(self, mandate: bool = False) -> Path | None:
        """Return the file to open."""
        of, kinds = ("mandate", MANDATE_FILES) if mandate else ("project", PROJECT_FILES)
        path = self._choose(marked("Open"), kinds, of)
        self._keep_folder(of, str(path or ""))
        return path

    def _choose(self, title: str, kinds: str, of: str = "") -> Path | None:
        """Return a file that is there, looked for first where one of this use was chosen last."""
        first = self._folder(of) if of else ""
        name, _ = QFileDialog.getOpenFileName(self._parent, self._say(title), first, self._say(kinds))
        return Path(name) if name else None

    def _choose_new(self, suggested: str, kinds: str, of: str) -> str:
        """Return where something is to be saved, empty for nowhere; a name is suggested, in the folder that was used last."""
        first = str(Path(self._folder(of)) / suggested)
        name, _ = QFileDialog.getSaveFileName(self._parent, self._say(marked("Save as")), first, self._say(kinds))
        self._keep_folder(of, name)
        return name

    def ask_save_mandate(self) -> Path | None:
        """Return where to save a mandate as a file."""
        name = self._choose_new("mandate.toml", MANDATE_FILES, "mandate")
        return Path(name).with_suffix(".toml") if name else None

    def ask_polygons(self) -> Path | None:
        """Return a file with polygons."""
        return self._choose(marked("Area"), decisions.POLYGON_FILES, "import")

    def ask_route(self) -> Path | None:
        """Return a file with the lines of a route."""
        return self._choose(marked("A walk"), ROUTE_FILES)

    def ask_save_as(self, suggested: str = "") -> Path | None:
        """Return where to save; a name is suggested, in the folder that was used last."""
        name = self._choose_new(f"{file_name(suggested) or self._say(UNNAMED)}{PROJECT_ENDING}", PROJECT_FILES, "project")
        return Path(name).with_suffix(PROJECT_ENDING) if name else None

    def ask_other_project(self, title: str) -> Path | None:
        """Return a project beside the one that is shown."""
        return self._choose(title, PROJECT_FILES, "project")

    def ask_basemap(self) -> Path | None:
        """Ask which file to lay under the map."""
        return self._choose(marked("Background map"), marked("Background maps (*.tif *.tiff *.mbtiles)"))

    def ask_basemap_folder(self) -> Path | None:
        """Ask which folder of tiles to lay under the map."""
        name = QFileDialog.getExistingDirectory(self._parent, self._say(marked("Background map")))
        return Path(name) if name else None

    def ask_packs(self, titles: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the rule packs of a new project, chosen by their titles."""
        dialog = form.Form(self._parent, self._say, marked("New project"), marked("Which rules apply in this city?"))
        ticks = {name: QCheckBox(f"{title} ({name})".replace("&", "&&")) for name, title in titles.items()}
        for tick in ticks.values():  # boxes and no list: a click on the words ticks too, and no title is cut
            dialog.rows.addRow(tick)
        if not dialog.is_accepted():
            return None
        return tuple(name for name, tick in ticks.items() if tick.isChecked())

    def ask_import(self) -> AskedImport | None:
        """Return files to import and how to read them."""
        names, _ = QFileDialog.getOpenFileNames(
            self._parent, self._say(marked("Import")), self._folder("import"), self._say(IMPORT_FILES)
        )
        if not names:
            return None
        self._keep_folder("import", names[0])
        dialog = form.Form(self._parent, self._say, marked("Import"), ", ".join(Path(name).name for name in names))
        kind = dialog.choice(marked("Content of the file"), self._say.words(KINDS))
        layer = dialog.add(marked("Layer of the file"), self._layers_to_choose(Path(names[0]) if len(names) == 1 else None))
        datum = dialog.choice(marked("Datum of its coordinates"), self._say.words(DATUMS))
        crs = dialog.line(marked("Coordinate system, if the file names none"))
        crs.setPlaceholderText("EPSG:25832")
        less = QCheckBox(self._say(marked("Replace an earlier file of the same name, even if it held far more")))
        dialog.rows.addRow(less)
        if not dialog.is_accepted():
            return None
        chosen = f"|layername={layer.currentData()}" if layer.currentData() else ""
        paths = tuple(Path(f"{name}{chosen}") for name in names)
        return AskedImport(paths, kind.currentData() or None, crs.text().strip() or None, datum.currentData(), less.isChecked())

    def _layers_to_choose(self, path: Path | None) -> QComboBox:
        """Return a box with the layers of a file, which come in while it is shown: a large drawing takes its time to be read."""
        box = QComboBox()
        box.setEnabled(False)
        box.addItem(self._say(EVERY_LAYER), "")

        def fill(names: Sequence[str]) -> None:
            if len(names) > 1 and isValid(box):
                for name in names:
                    box.addItem(name, name)
                box.setEnabled(True)

        if path is not None:
            self.list_layers(path, fill)
        return box

    def open_outside(self, path: Path) -> None:
        """Open a file or a folder with the program that the system has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _folder(self, of: str) -> str:
        """Return the folder that was used last for something, while it is there."""
        kept = str(self.preferences.get(f"folder/{of}", ""))
        return kept if kept and Path(kept).is_dir() else ""

    def _keep_folder(self, of: str, name: str) -> None:
        if name:
            self.preferences.set(f"folder/{of}", str(Path(name).parent))

    def ask_extract(self) -> Path | None:
        """Return the extract of OpenStreetMap that the cameras came from."""
        return self._choose(marked("The extract that was imported."), OSM_FILES, "import")

    def ask_osm_file(self, lines: Sequence[str]) -> tuple[Path, str] | None:
        """Return where changes of tags are written, and the comment of their changeset; the changes are shown before."""
        comment = asking.ask_comment(self._parent, self._say, lines)
        if comment is None:
            return None
        name = self._choose_new("corrections.osc", CHANGE_FILES, "export")
        return (Path(name), comment) if name else None

    def ask_districts(self) -> tuple[Path, ...]:
        """Return the projects of districts that are to be taken back."""
        title, kinds = self._say(marked("Projects of districts")), self._say(PROJECT_FILES)
        names, _ = QFileDialog.getOpenFileNames(self._parent, title, self._folder("export") or self._folder("project"), kinds)
        return tuple(dict.fromkeys(map(Path, names)))

    def ask_export(self, *, may_propose: bool = False, cameras: int = 0, is_plan: bool = False) -> ExportWish | None:
        """Return which drafts to write, and where; proposals are offered where they may be made.

        How large they will be and how long they take is told of so many cameras beforehand. Of a plan the drafts for the council
        are ticked first, of an audit a report; after that what was chosen of such a project the last time.
        """
        kept = "export/plan_formats" if is_plan else "export/formats"
        dialog = form.Form(self._parent, self._say, marked("Export"), marked("Which drafts should be written?"))
        boxes = {each.key: QCheckBox(self._say(each.title)) for each in DRAFT_FORMATS}
        whom, reported = self._readers(boxes, cameras)
        dialog.add(marked("For whom"), whom)
        ticks = [*boxes.values()]
        for left, right in zip(ticks[::2], ticks[1::2], strict=False):  # two a row: the box fits a screen of 700 pixels
            dialog.rows.addRow(left, right)
        if len(ticks) % 2:
            dialog.rows.addRow(ticks[-1])
        dialog.rows.addRow(reported)
        wished = self.preferences.get(kept)
        chosen = wished if isinstance(wished, list) and wished else COUNCIL[1] if is_plan else AUDIENCES[0][1]
        for key, box in boxes.items():
            box.setChecked(key in chosen)
        language = dialog.choice(marked("Language of the drafts"), NAMES, self._say.code)
        fields = self._template_fields(dialog)
        proposals = QCheckBox(self._say(PROPOSALS))
        if may_propose:
            dialog.rows.addRow(proposals)
        if not dialog.is_accepted():
            return None
        templates = tuple(field.path for field in fields.values() if field.path is not None)
        self.preferences.set("export/templates", {ending: field.line.text().strip() for ending, field in fields.items()})
        formats = tuple(key for key, box in boxes.items() if box.isChecked())
        self.preferences.set(kept, list(formats))
        title, first = self._say(marked("Folder for the drafts")), self._folder("export") or self._folder("project")
        folder = QFileDialog.getExistingDirectory(self._parent, title, first) if formats else ""
        if folder:
            self.preferences.set("folder/export", folder)
        return ExportWish(formats, language.currentData(), Path(folder), templates, proposals.isChecked()) if folder else None

    def _readers(self, boxes: Mapping[str, QCheckBox], cameras: int) -> tuple[QComboBox, QLabel]:
        """Return the choice for whom drafts are written, which ticks the boxes, and what tells their size and time."""
        whom, reported = QComboBox(), plain_label()
        for title, formats in AUDIENCES:
            whom.addItem(self._say(title), formats)
        whom.addItem(self._say(OWN_CHOICE), None)

        def tick() -> None:
            formats = whom.currentData()
            for key, box in boxes.items():
                if formats is not None:
                    box.setChecked(key in formats)

        def tell() -> None:
            ticked = tuple(key for key, box in boxes.items() if box.isChecked())
            known = [row for row, (_, formats) in enumerate(AUDIENCES) if set(formats) == set(ticked)]
            whom.setCurrentIndex(known[0] if known else len(AUDIENCES))
            size_mb, time_s = estimated(ticked, cameras)
            reported.setText(self._say(ABOUT_SIZE, size=f"{max(size_mb, 1):.0f}", time=f"{max(time_s, 5):.0f}") if ticked else "")

        whom.activated.connect(tick)
        for box in boxes.values():
            box.toggled.connect(tell)
        return whom, reported

    def _template_fields(self, dialog: form.Form) -> dict[str, form.TemplateField]:
        """Add a field for each kind of template, as they were the last time; the box is left only with files that can be one."""
        kept = self.preferences.get("export/templates")
        known = kept if isinstance(kept, dict) else {}
        fields: dict[str, form.TemplateField] = {}
        for ending, (name, kinds) in TEMPLATES.items():
            look = partial(self._look_for_template, kinds)
            fields[ending] = form.TemplateField(self._say, name, str(known.get(ending, "")), look)
            dialog.rows.addRow(self._say(name), fields[ending])
        # Not all(): what is wrong with each of them is shown.
        dialog.may_accept = lambda: False not in [field.is_sound(self.template_faults) for field in fields.values()]
        return fields

    def _look_for_template(self, kinds: str) -> str:
        self._keep_folder("template", name := str(self._choose(form.CHOOSE, kinds, "template") or ""))
        return name

"""The panel at the right for what is selected: its picture above, below it what is known, and what stands besides its record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from urllib.parse import quote, urlsplit

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import HAIR_PX, NEAR_PX, NONE_PX, Language, in_column, ink, plain_label, plain_tip, space
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.errors import Fault
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.necessity import necessity_table
from lhasaplan.report.facts.tables import part_labels

LENS_KEY = "picture"
ORDER = ("finding", "part", "option", "camera", "who_sees")
ABOUT_CAMERAS = ("camera", "finding")  # pages above which the picture of the selected camera stands
ALWAYS = ("camera", "who_sees")  # pages that say themselves what to do where nothing is selected


class SelectedPanel(QWidget):
    """A page for each kind of thing that can be selected, one at a time; a page without content has no tab."""

    seen = Signal()  # another page, or the picture came or went

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self.tabs, self.pages = QTabBar(expanding=False, drawBase=False), QStackedWidget()
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setUsesScrollButtons(True)
        self.keys: list[str] = []  # of the pages, in their order
        self._picture: QWidget | None = None
        self._is_picture_wished = True
        self._column = in_column(self.tabs, (self.pages, 1), of=self, margin_px=NONE_PX, gap_px=NONE_PX)
        self.tabs.currentChanged.connect(self._turn)
        session.selection_changed.connect(self._place_picture)

    def add(self, key: str, title: str, widget: QWidget) -> None:
        """Add a page, or the picture that stands above."""
        if key == LENS_KEY:
            self._picture = widget
            self._column.insertWidget(1, widget)
            self._place_picture()
            return
        number = sum(ORDER.index(each) < ORDER.index(key) for each in self.keys)
        self.keys.insert(number, key)
        self.pages.insertWidget(number, widget)
        self.tabs.insertTab(number, "")
        self._say.bind(lambda text: self.tabs.setTabText(self.keys.index(key), text), title)
        self._offer(number, key in ALWAYS)
        if key == ALWAYS[0]:
            self.tabs.setCurrentIndex(number)
            self.pages.setCurrentIndex(number)

    @property
    def current(self) -> str:
        """Return the page that is shown."""
        return self.keys[self.pages.currentIndex()] if self.keys else ""

    @property
    def seen_keys(self) -> frozenset[str]:
        """Return what stands in the panel now: a page, and the picture where there is one."""
        has_picture = self._picture is not None and not self._picture.isHidden()
        return frozenset({self.current, LENS_KEY} if has_picture else {self.current})

    def turn_to(self, key: str) -> None:
        """Show a page; the picture is shown above the record of its camera."""
        if key == LENS_KEY:
            self._is_picture_wished = True
            key = self.current if self.current in ABOUT_CAMERAS else "camera"
        number = self.keys.index(key)
        self._offer(number, True)
        self.tabs.setCurrentIndex(number)
        self._turn(number)

    def fold_picture(self) -> None:
        """Leave the whole panel to the page until the picture is asked for again."""
        self._is_picture_wished = False
        self._place_picture()

    def set_there(self, key: str, is_there: bool) -> None:
        """Offer a page while there is something in it."""
        number = self.keys.index(key)
        if not is_there and self.current == key:
            self.turn_to("camera")
        blocker = QSignalBlocker(self.tabs)
        self._offer(number, is_there)
        self.tabs.setCurrentIndex(self.pages.currentIndex())
        blocker.unblock()

    def _offer(self, number: int, is_there: bool) -> None:
        self.tabs.setTabVisible(number, is_there)
        self.tabs.updateGeometry()  # Qt (6.11) leaves a bar without height that had no tab at first

    def _turn(self, number: int) -> None:
        self.pages.setCurrentIndex(number)
        self._place_picture()
        self.seen.emit()

    def _place_picture(self) -> None:
        picture = self._picture
        if picture is None:
            return
        is_shown = self._is_picture_wished and bool(self._session.selected_id) and self.current in ABOUT_CAMERAS
        if is_shown is not picture.isHidden():
            return
        picture.setVisible(is_shown)
        self.seen.emit()


# What the selected camera costs and is needed for: the row of the drafts' table, so that numbers agree.
TITLE = marked("Costs and need")
NOT_ANSWERED = marked("Run the audit to see the costs and the need of this camera.")
BEFORE_CHANGE = marked("The camera was changed after the analysis. Run the analysis again.")
ABOUT = ("area_m2", "unasked_percent", "night_percent", "homes", "protected", "likely", "lost", "milder")

BARS = {"unasked_percent": "due", "night_percent": "quiet"}  # shares that are drawn too, and their colours


class NecessityBlock(QLabel):
    """A small table of the selected camera; a sentence where the analysis has not looked at it."""

    def __init__(self, session: Session, language: Language, names: Names) -> None:
        super().__init__(wordWrap=True)
        self._session, self._say, self._names = session, language, names
        signals = (
            session.selection_changed,
            session.project_changed,
            session.assessment_changed,
            language.changed,
            names.changed,
        )
        for signal in signals:
            signal.connect(self._write)
        self._write()

    def _write(self) -> None:
        self.setVisible(self._session.selected is not None)
        results, result = self._session.assessment, self._result()
        if results is None or result is None:
            self.setText(f"<p>{escape(self._say(NOT_ANSWERED))}</p>" if results is None else "")
            self.setVisible(results is None and self._session.selected is not None)
            return
        is_current = self._session.is_as_assessed(self._session.selected_id)
        note = "" if is_current else f"<p style='color:{ink('due').name()}; margin:2px 0'>{escape(self._say(BEFORE_CHANGE))}</p>"
        self.setText(f"<p style='margin:4px 0 2px 0'><b>{escape(self._say(TITLE))}</b></p>{note}{self._table(results, result)}")

    def _result(self) -> CameraResult | None:
        results, wanted = self._session.assessment, self._session.selected_id
        each = results.cameras if results is not None else ()
        return next((one for one in each if one.placed.camera.camera_id == wanted), None)

    def _table(self, results: Assessment, result: CameraResult) -> str:
        """Return the lines about one camera; what is not known has a dash, as in the drafts."""
        translations = worded(self._say.translations, results)
        labels = {part: self._names.part(part) or label for part, label in part_labels(results, translations).items()}
        table = necessity_table(replace(results, cameras=(result,)), translations, labels)
        cells = zip(table.columns, table.rows[0], strict=True)
        reported = ((c, self._names.camera(raw) if c.key == "milder" else raw) for c, raw in cells if c.key in ABOUT)
        rows = "".join(
            f"<tr><td>{escape(c.heading(translations))}</td><td align='right'>{escape(c.text(raw, translations))}</td></tr>"
            f"{_bar(raw, BARS[c.key]) if c.key in BARS else ''}"
            for c, raw in reported
        )
        return f"<table width='100%' cellpadding='2'>{rows}</table>"


def _bar(share: object, colour: str) -> str:
    """Return a share as a bar across the table, so long a part of it; nothing where it is not known, or not to be told."""
    if not isinstance(share, int | float) or share <= 0.0:
        return ""
    cell = "<tr><td style='font-size:3px'>&nbsp;</td></tr>"
    bar = f"<table width='{min(share, 100.0):.0f}%' bgcolor='{ink(colour).name()}' cellspacing='0' cellpadding='0'>{cell}</table>"
    return f"<tr><td colspan='2'>{bar}</td></tr>"


# What its source tells besides: shown as text. An address is opened by the user's click alone, by the system's browser.
RECORDED_BESIDES = marked("Recorded besides ({source})")
OPEN = marked("Open {key} in the browser")


def address_of(key: str, value: str, forms: Mapping[str, str]) -> str:
    """Return the address that a tag shows in a browser, of a list the first; empty for none, and for any that is not of the web.

    >>> forms = {"image": "{value}", "mapillary": "https://www.mapillary.com/app/?pKey={value}"}
    >>> address_of("mapillary", "12 3;4", forms), address_of("image", "file:///etc/passwd", forms)
    ('https://www.mapillary.com/app/?pKey=12%203', '')
    """
    form, text = forms.get(key, ""), value.strip()
    if form and "://" not in text:
        text = form.format(value=quote(text.partition(";")[0].strip(), safe=":")) if "://" in form else ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_web = bool(form) and parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    return text if is_web and text.isprintable() and " " not in text else ""


class RecordedBesides(QWidget):
    """The tags and columns of a camera that no field has, with a button for each address among them."""

    def __init__(self, session: Session, language: Language, forms: Mapping[str, str]) -> None:
        super().__init__()
        self._session, self._say, self._forms = session, language, forms
        self._shown: tuple[object, ...] = ()
        self.text = plain_label(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.links: list[QPushButton] = []
        column = QVBoxLayout(self)
        space(column, NONE_PX, HAIR_PX)
        column.addWidget(self.text)
        for signal in (session.selection_changed, session.project_changed, language.changed):
            signal.connect(self._write)
        self._write()

    def _write(self) -> None:
        camera = self._session.selected
        rows = () if camera is None else tuple(sorted((key, text) for key, text in camera.extra.items() if text))
        source = "" if camera is None else f"{camera.source} {camera.source_date}".strip()
        shown = (self._say.code, source, *rows)
        if shown == self._shown:  # as with each step of a drag
            return
        self._shown = shown
        self.setVisible(bool(rows))
        heading = self._say(RECORDED_BESIDES, source=source or "–")
        self.text.setText("\n".join((heading, *(f"{key}: {text}" for key, text in rows))))
        for button in self.links:
            button.deleteLater()
        addresses = ((key, address_of(key, text, self._forms)) for key, text in rows)
        self.links = [self._link(key, address) for key, address in addresses if address]

    def _link(self, key: str, address: str) -> QPushButton:
        button = QPushButton(self._say(OPEN, key=key).replace("&", "&&"))
        button.setToolTip(plain_tip(address))
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
        layout = self.layout()
        if layout is not None:
            layout.addWidget(button)
        return button


STANDS_ON_ASSUMPTIONS = marked("Its sight is possible, not certain. Not recorded: {fields}.")


class CameraNotes(QWidget):
    """Sentences that come and go below the fields, so that no field moves under the pointer."""

    def __init__(
        self,
        session: Session,
        language: Language,
        names: Names,
        name_field: Callable[[str], str],
        links: Mapping[str, str],
    ) -> None:
        super().__init__()
        self._say, self._name_field = language, name_field
        self._assumed: tuple[str, ...] = ()
        self._remarks: tuple[Fault, ...] = ()
        self.assumed, self.remarks = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.necessity = NecessityBlock(session, language, names)
        self.besides = RecordedBesides(session, language, links)
        parts = self.remarks, self.assumed, self.necessity, self.besides
        in_column(*parts, of=self, margin_px=NONE_PX, gap_px=NEAR_PX)
        language.changed.connect(self._write)
        self._write()

    def set_assumed(self, fields: tuple[str, ...]) -> None:
        """Say which values sight had to assume."""
        self._assumed = fields
        self._write()

    def set_remarks(self, remarks: Sequence[Fault]) -> None:
        """Say what is unusual."""
        self._remarks = tuple(remarks)
        self._write()

    def _write(self) -> None:
        names = ", ".join(map(self._name_field, self._assumed))
        self.assumed.setText(self._say(STANDS_ON_ASSUMPTIONS, fields=names) if names else "")
        self.remarks.setText("\n".join(self._say(each.template, **each.params) for each in self._remarks))
        sheet = f"color: {ink('due').name()};"
        if sheet != self.remarks.styleSheet():  # Qt works it out anew, as it is
            self.remarks.setStyleSheet(sheet)
        self.assumed.setVisible(bool(self._assumed))
        self.remarks.setVisible(bool(self._remarks))

"""Findings and confirmed parts as sheets: whom, what, how sharp, how long; verdicts, names first, shares in per cent."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import Language, ink
from lhasaplan.app.models import Sheet, SheetColumn
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult, Sighting
from lhasaplan.core.results.finding import Certainty, Finding, Mitigation, Severity, rank
from lhasaplan.report.facts.necessity import named_mitigations, other_mitigation_text, tried_mitigations, was_tried
from lhasaplan.report.facts.part_options import blockers_text
from lhasaplan.report.facts.summary import basis_behind
from lhasaplan.report.facts.tables import part_table
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import Column
from lhasaplan.report.text.numerals import density_text, number_text

# Confirmed parts as a sheet: the words and numbers of the drafts, with names first and shares in per cent.

_INK = {"met": "good", "gap": "error", "weak": "due", "partial": "due"}
NOT_AT_FIRST = frozenset({"best_px_m_after", "gap_m2", "responsible", "part_id", "areas"})
NUMBERS = frozenset({"best_px_m", "best_px_m_after", "required_px_m", "gap_m2"})
# Key of the drafts' table, heading, width.
DRAFTED = (
    ("category", marked("Category"), 150),
    ("verdict", marked("Today"), 110),
    ("verdict_after", marked("With planned"), 120),
    ("best_px_m", marked("Sharpness"), 90),
    ("required_px_m", marked("Needed"), 84),
    ("cameras", marked("Cameras"), 150),
    ("blockers", marked("Not seen because"), 200),
    ("best_px_m_after", marked("How sharp with planned"), 110),
    ("gap_m2", marked("Gap"), 80),
    ("responsible", marked("Responsible"), 150),
    ("areas", marked("Areas"), 130),
    ("part_id", marked("Identifier"), 230),
)
SHARES: tuple[tuple[str, str, Callable[[PartResult], float]], ...] = (
    ("share_served", marked("Served today"), lambda result: result.measured.share_served),
    ("share_served_after", marked("Served with planned"), lambda result: result.measured_after.share_served),
)


class PartsSheet(Sheet[PartResult]):
    """A row a part."""

    def __init__(self, language: Language, names: Names) -> None:
        self._names = names
        self._results: Assessment | None = None
        self._drafted: Mapping[str, tuple[Column, Mapping[str, Any]]] = {}
        super().__init__(language, self._make_columns(), lambda result: result.part.part_id)
        names.changed.connect(self.reword)

    def show(self, results: Assessment | None) -> None:
        """Show the parts of these results; none without results."""
        self._results = results
        self._read_drafts()
        self.set_rows(results.parts or () if results is not None else ())

    def reword(self) -> None:
        """Write the words of the drafts anew too."""
        self._read_drafts()
        super().reword()

    def _read_drafts(self) -> None:
        """Take columns and cells over from the table of the drafts, so that numbers agree."""
        if self._results is None:
            self._drafted = {}
            return
        table = part_table(self._results, self._say.translations)
        ids = table.column("part_id")
        self._drafted = {column.key: (column, dict(zip(ids, table.column(column.key), strict=True))) for column in table.columns}

    def label(self, result: PartResult) -> str:
        """Return what a part is called."""
        return self._names.part(result.part.part_id) or self._text("label")(result)

    def _make_columns(self) -> list[SheetColumn[PartResult]]:
        first = SheetColumn("label", marked("Part"), self.label, width_px=230)
        shares = [
            SheetColumn(key, title, self._percent(share), share, 100, is_number=True, unit="%") for key, title, share in SHARES
        ]
        drafted = {key: self._column(key, title, width) for key, title, width in DRAFTED}
        head = [drafted.pop(key) for key in ("category", "verdict", "verdict_after")]
        return [first, *head, *shares, *drafted.values()]

    def _column(self, key: str, title: str, width_px: int) -> SheetColumn[PartResult]:
        is_number = key in NUMBERS
        return SheetColumn(
            key,
            title,
            {"cameras": self._cameras_text, "blockers": self._blockers_text}.get(key) or self._text(key),
            self._raw(key) if is_number else None,
            width_px,
            is_shown=key not in NOT_AT_FIRST,
            is_number=is_number,
            colour=self._colour(key) if key.startswith("verdict") else None,
            tip=self._text(key) if key in ("cameras", "blockers") else None,
            unit={"gap_m2": "m²"}.get(key, "px/m" if is_number else ""),
        )

    def _cameras_text(self, result: PartResult) -> str:
        return self._say(marked(", ")).join(map(self._names.camera, result.cameras))

    def _blockers_text(self, result: PartResult) -> str:
        return blockers_text(result, self._say.translations, self._names.thing)

    def _text(self, key: str) -> Callable[[PartResult], str]:
        def read(result: PartResult) -> str:
            column, cells = self._drafted[key]
            return column.text(cells[result.part.part_id], self._say.translations)

        return read

    def _raw(self, key: str) -> Callable[[PartResult], Any]:
        return lambda result: self._drafted[key][1][result.part.part_id]

    def _colour(self, key: str) -> Callable[[PartResult], QColor | None]:
        def of(result: PartResult) -> QColor | None:
            meaning = _INK.get(self._raw(key)(result))
            return ink(meaning) if meaning else None

        return of

    def _percent(self, share: Callable[[PartResult], float]) -> Callable[[PartResult], str]:
        return lambda result: percent_text(share(result), self._say)


def percent_text(share: float, say: Language) -> str:
    """Return a share in per cent; all of it and nothing of it are never rounded to."""
    percent = 100.0 * share
    digits = 1 if 0.0 < percent < 1.0 or 99.0 < percent < 100.0 else 0
    return number_text(min(percent, 99.9) if share < 1.0 else percent, say.translations, digits)


# What would end a finding, as choices: the mitigation first, then what else ends it, in rank; only tried ones can be applied.
FIRST = marked("Ends it: {mitigations}")
ALSO = marked("Also ends it, computed: {mitigations}")
NAMED = marked("May also end it, not computed: {mitigations}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One mitigation of a finding as a line; ``is_tried`` says that it was evaluated and ends the finding."""

    mitigation: Mitigation
    text: str
    is_tried: bool


def choices_of(finding: Finding, say: Language) -> tuple[Choice, ...]:
    """Return the mitigations of a finding in the order in which they are recommended; nothing where none is known."""
    if finding.mitigation is None:
        return ()
    text = other_mitigation_text(finding.mitigation, say.translations)
    is_tried = was_tried(finding.mitigation)
    others = [(ALSO, mitigation, True) for mitigation in tried_mitigations(finding.mitigation)]
    others += [(NAMED, mitigation, False) for mitigation in named_mitigations(finding.mitigation)]
    first = Choice(finding.mitigation, say(FIRST, mitigations=text) if is_tried else text, is_tried)
    return first, *(
        Choice(mitigation, say(line, mitigations=other_mitigation_text(mitigation, say.translations)), tried)
        for line, mitigation, tried in others
    )


# What a remedy does to what is in view, before and after it.
TODAY = marked("in view, {density} px/m")
AFTER, AFTER_LEFT = marked("this finding ends"), marked("this finding ends, {percent} % of the ground stays in view")
CHANGE = marked("Today: {today}. With the remedy: {then}.")


class Card(NamedTuple):
    """A finding as it is read on a card."""

    severity: str
    title: str
    sentence: str
    remedy: str
    change: str  # before and after it; empty where it was not tried out


def before_and_after(mitigation: Mitigation, sharp: str, say: Language) -> str:
    """Return what is in view today and with a remedy that was tried out; empty for one that was not."""
    if mitigation.is_verified is False or not mitigation.changes or not sharp:
        return ""
    left = mitigation.figures.area_left_percent
    then = say(AFTER) if left is None else say(AFTER_LEFT, percent=left)
    return say(CHANGE, today=say(TODAY, density=sharp), then=then)


GROUPS = ("camera", "what", "article", "severity")  # columns by which findings are put together
PARTS_ONLY = marked("no camera")
CELL_NAMES, TIP_NAMES = 1, 12  # cameras that a cell names, and its tip


class FindingsSheet(Sheet[Finding]):
    """A row a finding, the gravest first."""

    def __init__(self, language: Language, names: Names) -> None:
        self._names, self._old = names, frozenset[str]()
        self._results: Mapping[str, CameraResult] = {}
        super().__init__(language, self._make_columns(), lambda finding: finding.finding_id)
        names.changed.connect(self.reword)

    def _make_columns(self) -> list[SheetColumn[Finding]]:
        def said(table: Mapping[str, str], value: str) -> str:
            return words.word(table, value, self._say.translations)

        return [
            SheetColumn(
                "severity",
                marked("Severity"),
                lambda f: said(words.SEVERITIES, f.severity),
                lambda f: -rank(f.severity),
                96,
                colour=lambda f: ink(f.severity.value),
            ),
            SheetColumn("camera", marked("Camera"), self._camera_text, width_px=200, tip=self._camera_tip),
            SheetColumn("what", marked("What"), lambda f: said(words.FINDING_KINDS, f.kind), width_px=210),
            SheetColumn("sharp", marked("Sharpness"), self._sharp_text, _sharpest, 124, is_number=True, unit="px/m"),
            SheetColumn("long", marked("Length"), self._long_text, self._length_m, 112, is_number=True, unit="m"),
            SheetColumn("certainty", marked("Certainty"), lambda f: said(words.CERTAINTIES, f.certainty), width_px=76),
            SheetColumn("article", marked("Article"), lambda f: article_text(f, self._say), width_px=170),
            SheetColumn("cure", marked("Remedy"), lambda f: mitigation_text(f, self._say), width_px=240),
            SheetColumn(
                "sentence", marked("Finding"), lambda f: finding_text(f, self._say, self._names), width_px=420, is_shown=False
            ),
            SheetColumn("camera_id", marked("Camera id"), finding_words.cameras_text, width_px=150, is_shown=False),
            SheetColumn("finding_id", marked("Finding id"), lambda f: f.finding_id, width_px=150, is_shown=False),
        ]

    def show(self, findings: tuple[Finding, ...], results: Assessment | None = None) -> None:
        """Show other findings, the gravest first; results are those that they are of."""
        self._results = {each.placed.camera.camera_id: each for each in results.cameras} if results is not None else {}
        is_whole = results is not None and findings is results.findings
        self.set_rows(gravest_first(results) if results is not None and is_whole else sorted(findings, key=_gravity))

    def strike(self, camera_ids: frozenset[str]) -> None:
        """Strike out the findings of these cameras: their records were changed since."""
        if camera_ids != self._old:
            self._old = camera_ids
            self.redraw()

    def first_of(self, camera_id: str) -> Finding | None:
        """Return the gravest finding of a camera."""
        return next((finding for finding in self.all_rows if camera_id in finding.camera_ids), None)

    def card_of(self, finding: Finding) -> Card:
        """Return what the card of a finding reads."""
        say = self._say
        part = str(finding.params.get("part", "")) if not finding.camera_ids else ""
        about = self._names.part(part) or part or self._camera_text(finding)
        title = f"{words.word(words.FINDING_KINDS, finding.kind, say.translations)}  ·  {about}"
        remedy, change = mitigation_text(finding, say), self.change_of(finding)
        severity = words.word(words.SEVERITIES, finding.severity, say.translations)
        return Card(severity, title, finding_text(finding, say, self._names), remedy, change)

    def change_of(self, finding: Finding, mitigation: Mitigation | None = None) -> str:
        """Return what a remedy that was tried out does to what is in view: the first one if none is named."""
        first = finding.mitigation if finding.mitigation is not None and was_tried(finding.mitigation) else None
        chosen = mitigation or first
        if chosen is None:
            return ""
        return before_and_after(chosen, self._sharp_text(finding), self._say)

    def look(self, row: Finding, _column: int, role: int) -> object:
        """Strike out what is of a changed camera."""
        if role == Qt.ItemDataRole.FontRole and self._old.intersection(row.camera_ids):
            font = QFont()
            font.setStrikeOut(True)
            return font
        return None

    def _camera_text(self, finding: Finding) -> str:
        return self._first_of(finding, CELL_NAMES) or self._say(PARTS_ONLY)

    def _camera_tip(self, finding: Finding) -> str:
        """Return more of the cameras than a cell has room for; of one its identifier."""
        return self._first_of(finding, TIP_NAMES) if len(finding.camera_ids) > 1 else finding_words.cameras_text(finding)

    def _first_of(self, finding: Finding, most: int) -> str:
        return finding_words.first_of([self._names.camera(each) for each in finding.camera_ids], most, self._say.translations)

    def _sharp_text(self, finding: Finding) -> str:
        if finding.unit != "px/m" or finding.measured is None:
            return ""
        low, high = finding.measured if isinstance(finding.measured, tuple) else (finding.measured, finding.measured)
        return density_text(low, high, self._say.translations)

    def _length_m(self, finding: Finding) -> float | None:
        result = self._results.get(finding.camera_id)
        sighting = sighting_behind(finding, result) if result is not None else None
        return sighting.frontage_m if sighting is not None and sighting.frontage_m > 0.0 else None

    def _long_text(self, finding: Finding) -> str:
        length_m = self._length_m(finding)
        return "" if length_m is None else number_text(length_m, self._say.translations, 0 if length_m >= 10.0 else 1)


def sighting_behind(finding: Finding, result: CameraResult) -> Sighting | None:
    """Return what of protected places a finding is about: of its camera what it can see of that kind on that basis."""
    meant = finding.kind, basis_behind(finding)
    return next((each for each in reversed(result.sightings) if (f"view_{each.cls}", str(each.basis)) == meant), None)


def _sharpest(finding: Finding) -> float | None:
    if finding.unit != "px/m" or finding.measured is None:
        return None
    return max(finding.measured) if isinstance(finding.measured, tuple) else finding.measured


def _gravity(finding: Finding) -> tuple[int, bool, bool, bool, float]:
    """Order by severity; views come before questions about the record, and those with a mitigation, certain and sharp first."""
    measured = finding.measured if isinstance(finding.measured, tuple) else (finding.measured or 0.0,)
    is_view, is_possible = finding.unit == "px/m", finding.certainty is Certainty.POSSIBLE
    return -rank(finding.severity), not is_view, finding.mitigation is None, is_possible, -max(measured)


_SORTED = WeakKeyDictionary[Assessment, tuple[Finding, ...]]()


def gravest_first(results: Assessment) -> tuple[Finding, ...]:
    """Return all findings of results, the gravest first: sorted at the first question, best asked by the job that found them."""
    if results not in _SORTED:
        _SORTED[results] = tuple(sorted(results.findings, key=_gravity))
    return _SORTED[results]


@dataclass(frozen=True, slots=True)
class CountedResults:
    """How many findings there are of each severity, and how many cameras that operate can see each class at each grade."""

    findings: Mapping[Severity, int]
    views: Mapping[tuple[ProtectedClass, Severity | None], int]


_COUNTED = WeakKeyDictionary[Assessment, CountedResults]()


def counted(results: Assessment) -> CountedResults:
    """Return what is counted of results; as with :func:`gravest_first` best asked by the job that found them."""
    if results not in _COUNTED:
        operating = (each for each in results.cameras if each.placed.camera.status is Status.OPERATING)
        views = Counter((one.cls, one.grade) for each in operating for one in each.sightings)
        _COUNTED[results] = CountedResults(Counter(each.severity for each in results.findings), views)
    return _COUNTED[results]


def article_text(finding: Finding, say: Language) -> str:
    """Return the article that a finding rests on, or that it is our own policy."""
    return finding_words.article_text(finding.pack, finding.article, say.translations)


def finding_text(finding: Finding, say: Language, names: Names) -> str:
    """Return what a finding states, as a sentence in which cameras and parts are called by name."""
    return finding_words.sentence(finding, say.translations, lambda ident: names.part(ident) or names.camera(ident))


def mitigation_text(finding: Finding, say: Language) -> str:
    """Return what would end a finding; empty when nothing is proposed."""
    return finding_words.mitigation_text(finding.mitigation, say.translations)


# Why a camera does not see a spot, as the window says it.

# What stands between is called as in drafts.
REASONS = words.BLOCKERS | {
    "out_of_range": marked("beyond its range"),
    "out_of_angle": marked("outside its angle"),
    "blind_zone": marked("in the blind zone below it"),
    "seen": "",
}


def reason_text(reason: str, say: Language) -> str:
    """Return the words of a reason; empty for a camera that sees."""
    said = REASONS.get(reason, reason)
    return say(said) if said else ""

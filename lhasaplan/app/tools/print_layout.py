"""The tool that prints the map to scale, on paper of A4 to A0, as PDF or PNG."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from PySide6.QtGui import QImage

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.analysing import results_of_now, tell_written
from lhasaplan.app.commands.workbench import Entry, Tool, ToolCondition, Workbench
from lhasaplan.app.dialogs.previews import WHOLE_CITY, PageWish, PrintWish
from lhasaplan.app.jobs import Report
from lhasaplan.app.map.cones import Overlays, prepare_overlays
from lhasaplan.app.map.ground import DrawnGround
from lhasaplan.app.map.paper import MM_PER_INCH, PageWords, PrintedMap, PrintedPaper, as_image, as_pdf, as_png, fitting_scale
from lhasaplan.app.map.sheet import NORTH
from lhasaplan.app.map.sight import sight_of
from lhasaplan.app.map.viewport import Box
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.numbering import plan_numbers
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.files.replacing import replacing
from lhasaplan.report.facts.basis import data_dates
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.style import long_date
from lhasaplan.report.text.words import banners

# Print the map: of results that may be shown alone, with all that must be told beside them.

LANE, PREVIEW_LANE = "print", "print-preview"
PREVIEW_DOTS = 1200  # along the longer side: the title block can be read on a fine screen
COARSE = marked("The map is left out: positions are coarse or missing.")
PRINTING = marked("Printing the map")
SCALE, SYSTEM, DATA_OF = marked("Scale"), marked("Coordinate system"), marked("Data as of")
RULES, PRINTED, CAMERAS = marked("Rules"), marked("Printed on"), marked("Cameras")
DISCLOSURE = marked(
    "Fit for the public: it holds what public drafts hold. It shows what cameras see of protected places, not "
    "what these places are."
)
ONE_TO = "1:{scale}"


class Printing:
    """Asks how, paints beside the window, puts the file in place whole or not at all."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._ground = DrawnGround()
        bench.city.drawn.connect(self._take_ground)

    def _take_ground(self, ground: DrawnGround, _is_first: bool) -> None:
        self._ground = ground

    def print(self) -> None:
        """Print the map; refused while there are no results of the project as it is, or their positions are coarse."""
        bench, results = self._bench, results_of_now(self._bench)
        if results is None:
            return
        project, shown = workflow.shown(bench.services, bench.session.project, results)
        if shown.public_precision_deg is not None:
            bench.notices.tell(COARSE)
            return
        pages = self._pages(project, shown)
        name = project.name or bench.language(marked("Map of the cameras"))
        wish = bench.dialogs.ask_print(name, project.name or "map", partial(self._preview, pages))
        bench.jobs.cancel(PREVIEW_LANE)
        if wish is not None:
            self._start(wish, pages)

    def _pages(self, project: ShownProject, shown: ShownAssessment) -> "Pages":
        bench = self._bench
        view, family, today = bench.canvas.viewport, bench.canvas.font().family(), bench.session.author.date
        seen = SeenToPrint(self._ground, bench.canvas.visible, view.box_m, (view.x_m, view.y_m), bench.city.convergence_deg)
        return Pages(seen, project, shown, bench.language.translations, family, today)

    def _preview(self, pages: "Pages", wish: PageWish, show: Callable[[QImage], None]) -> None:
        """Paint a page beside the window, as coarse as a preview is; while one is painted only the last wish waits."""
        dpi = PREVIEW_DOTS / (max(wish.paper.size_mm) / MM_PER_INCH)

        def work(report: Report) -> QImage:
            report(0.1, PRINTING)
            return as_image(*pages.page(wish), dpi)

        self._bench.jobs.start(PREVIEW_LANE, work, show, self._bench.notices.note_error, follow=True)

    def _start(self, wish: PrintWish, pages: "Pages") -> None:
        def work(report: Report) -> list[Path]:
            report(0.1, PRINTING)
            page = pages.page(wish)
            report(0.4, PRINTING)
            paint = as_png if wish.path.suffix == ".png" else as_pdf
            written = paint(*page)
            report(0.9, PRINTING)
            with replacing(wish.path) as fresh:
                fresh.write_bytes(written)
            return [wish.path]

        self._bench.notices.start(LANE, work, partial(tell_written, self._bench))


@dataclass(frozen=True, slots=True)
class SeenToPrint:
    """What the map of the window shows: its ground, the layers that are on, and how much of it."""

    ground: DrawnGround
    visible: frozenset[str]
    box_m: Box
    middle_m: tuple[float, float]
    convergence_deg: float


@dataclass(frozen=True, eq=False)
class Pages:
    """What pages are painted from, prepared once for all previews and the print."""

    seen: SeenToPrint
    project: ShownProject
    shown: ShownAssessment
    say: Translations
    family: str
    today: str

    @cached_property
    def overlays(self) -> Overlays:
        """Return what cameras see, as outputs may show it."""
        cameras = tuple(result.placed.camera for result in self.shown.cameras)
        return prepare_overlays(
            cameras, sight_of(self.shown), self.shown, self.seen.convergence_deg, numbers=plan_numbers(self.project)
        )

    def page(self, wish: PageWish) -> tuple[PrintedPaper, PrintedMap, PageWords, Translations, str]:
        """Return all that a page is painted with."""
        seen, (middle, scale) = self.seen, self._framed(wish)
        printed = PrintedMap(seen.ground, self.overlays, seen.visible, middle, scale, seen.convergence_deg)
        words = page_words(wish.title, scale, self.project, self.shown, self.say, self.today)
        return wish.paper, printed, words, self.say, self.family

    def _framed(self, wish: PageWish) -> tuple[tuple[float, float], int]:
        """Return the middle of the page and its scale."""
        bounds = self.seen.ground.bounds
        if wish.scale == WHOLE_CITY and bounds is not None:
            box, middle = bounds, ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        else:
            box, middle = self.seen.box_m, self.seen.middle_m
        fitting = fitting_scale(wish.paper.map_box, box[2] - box[0], box[3] - box[1])
        return middle, (wish.scale if wish.scale > 0 else fitting)


def page_words(  # noqa: PLR0917 - what a page is about, and in which words
    title: str, scale: int, project: ShownProject, shown: ShownAssessment, say: Translations, today: str
) -> PageWords:
    """Return what stands on a page."""
    facts = (
        (say(SCALE), ONE_TO.format(scale=number_text(scale, say))),
        (say(SYSTEM), shown.crs),
        (say(DATA_OF), data_dates(shown, say) or say(marked("not recorded"))),
        (say(RULES), ", ".join(project.packs)),
        (say(CAMERAS), str(len(shown.cameras))),
        (say(PRINTED), long_date(today, say.language)),
    )
    sources = "\n".join(dict.fromkeys(record.licence for record in shown.inputs if record.licence))
    return PageWords(
        title or project.name,
        project.name if title and title != project.name else say(marked("What fixed cameras really see")),
        facts,
        banners(shown, say),
        say(DISCLOSURE),
        sources,
        say(NORTH),
    )


KEY = "print_layout"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    printing = Printing(bench)
    has_city = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    entry = Entry(KEY, marked("&Print the map…"), printing.print, "Ctrl+P", has_city)
    return Tool(KEY, entries=((marked("&File"), entry),), commands=printing)

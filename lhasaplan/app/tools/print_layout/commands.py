"""Print the map: of results that may be shown alone, with all that must be told beside them."""

from lhasaplan.app.commands.exporting import results_of_now
from lhasaplan.app.commands.notices import WRITTEN
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.dialogs.printing import WHOLE_CITY, PrintWish
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.map.cones import prepare_overlays
from lhasaplan.app.map.ground import DrawnGround
from lhasaplan.app.map.paper import fitting_scale
from lhasaplan.app.map.printed_map import PageWords, PrintedMap, as_pdf, as_png
from lhasaplan.app.map.sheet import NORTH
from lhasaplan.app.map.sight import sight_of
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.files.replacing import replacing
from lhasaplan.report.text.numerals import grouped_text
from lhasaplan.report.text.words import banners

LANE = "print"
COARSE = marked("No map is shown: positions are coarse or there are none.")
PRINTING = marked("Printing the map")
SCALE, SYSTEM, DATA_OF = marked("Scale"), marked("Coordinate system"), marked("Data as of")
RULES, PRINTED, CAMERAS = marked("Rules"), marked("Printed on"), marked("Cameras")
DISCLOSURE = marked(
    "Fit to be shown: it holds what public drafts hold. What cameras see of protected places is told, not what these are."
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
        project, shown = bench.engine.shown(bench.session.project, results)
        if shown.public_precision_deg is not None:
            bench.notices.tell(COARSE)
            return
        wish = bench.dialogs.ask_print(project.name or bench.language(marked("Map of the cameras")), project.name or "map")
        if wish is not None:
            self._start(wish, project, shown)

    def _start(self, wish: PrintWish, project: ShownProject, shown: ShownAssessment) -> None:
        bench = self._bench
        say, middle, scale = bench.language.wording, *self._framed(wish)
        visible, turn, ground = bench.canvas.visible, bench.city.convergence_deg, self._ground
        family, today = bench.canvas.font().family(), bench.session.author.date
        words = page_words(wish.title, scale, project, shown, say, today)

        def work(report: Report) -> list[str]:
            report(0.1, PRINTING)
            cameras = tuple(result.placed.camera for result in shown.cameras)
            overlays = prepare_overlays(cameras, sight_of(shown), shown, turn)
            printed = PrintedMap(ground, overlays, visible, middle, scale, turn)
            report(0.4, PRINTING)
            paint = as_png if wish.path.suffix == ".png" else as_pdf
            page = paint(wish.paper, printed, words, say, family)
            report(0.9, PRINTING)
            with replacing(wish.path) as fresh:
                fresh.write_bytes(page)
            return [str(wish.path)]

        bench.notices.start(LANE, work, lambda files: bench.notices.tell(WRITTEN, files))

    def _framed(self, wish: PrintWish) -> tuple[tuple[float, float], int]:
        """Return the middle of the page and its scale."""
        view, bounds = self._bench.canvas.viewport, self._ground.bounds
        if wish.scale == WHOLE_CITY and bounds is not None:
            box, middle = bounds, ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        else:
            box, middle = view.box_m, (view.x_m, view.y_m)
        fitting = fitting_scale(wish.paper.map_box, box[2] - box[0], box[3] - box[1])
        return middle, (wish.scale if wish.scale > 0 else fitting)


def page_words(  # noqa: PLR0917 - what a page is about, and in which words
    title: str, scale: int, project: ShownProject, shown: ShownAssessment, say: Wording, today: str
) -> PageWords:
    """Return what stands on a page."""
    facts = (
        (say(SCALE), ONE_TO.format(scale=grouped_text(scale, say))),
        (say(SYSTEM), shown.crs),
        (say(DATA_OF), ", ".join(_dates(shown)) or say(marked("not recorded"))),
        (say(RULES), ", ".join(project.packs)),
        (say(CAMERAS), str(len(shown.cameras))),
        (say(PRINTED), today),
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


def _dates(shown: Assessment) -> list[str]:
    """Return the days of the data, each once, the newest first."""
    return sorted({record.date for record in shown.inputs if record.date}, reverse=True)

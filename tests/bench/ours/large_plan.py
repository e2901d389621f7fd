"""All drafts of a large plan: seconds, peak of memory, pages, and the web map of many cones, printed as JSON."""

import json
import re
import resource
import sys
import time
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.io.apart.process import end_readers
from lhasaplan.report.formats.html import write_map

from ..large_plan import PlanSize, large_plan
from ..memory import peak_watched

FORMATS = ("docx", "pdf", "html", "xlsx", "pptx", "gpkg")
DATE = "2026-11-27"
WHO = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


def main(where: str, cameras: str, many: str) -> None:
    """Write all formats of a plan, then the web map of a town with more cones."""
    folder, size = Path(where), PlanSize(cameras=int(cameras), parts=int(cameras) * 5 // 2)
    services, values = open_services(), _shown(size)
    end_readers()  # which a plan that is opened from its project does not have
    begun, clock = _cpu_s(), time.perf_counter()
    with peak_watched() as peak:
        workflow.export_shown(services, *values, FORMATS, folder, language="en", date=DATE)
        figures = {"cpu_s": _cpu_s() - begun, "clock_s": time.perf_counter() - clock}
    figures["peak_mb"] = peak[0]
    figures |= {f"{name}_pages": pages_in(folder / f"{name}.pdf") for name in ("plan", "audit")}
    del values
    begun = time.process_time()
    translations, cones = services.content.load_translations("en"), PlanSize(cameras=int(many), parts=size.parts)
    page = write_map(*_shown(cones), folder / "cones.html", translations)
    print(json.dumps({**figures, "map_mb": page.stat().st_size / 1e6, "map_cpu_s": time.process_time() - begun}))


def _cpu_s() -> float:
    """Return the seconds of the processor that this process and those that it started have taken."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHO))


def pages_in(path: Path) -> int:
    """Return how many pages a PDF of typst has, whose page objects stand unpacked: the program has no reader of PDF."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


def _shown(size: PlanSize) -> tuple[ShownProject, ShownAssessment]:
    project, answers = large_plan(size)
    return ShownProject(project), ShownAssessment(answers)


if __name__ == "__main__":
    main(*sys.argv[1:])

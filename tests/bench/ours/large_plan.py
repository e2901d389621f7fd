"""All drafts of a large plan: seconds, peak of memory, pages, and the web map of many cones, printed as JSON."""

import json
import re
import resource
import sys
import time
from pathlib import Path

from lhasaplan.bootstrap import WRITERS, open_services
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.ports import DraftOrder
from lhasaplan.report.formats.html import write_map

from ..large_plan import PlanSize, large_plan

FORMATS = ("docx", "pdf", "html", "xlsx", "pptx", "gpkg")
DATE = "2026-11-27"


def main(where: str, cameras: str, cones: str) -> None:
    """Write all formats of a plan, then the web map of a town with more cones."""
    folder, size = Path(where), PlanSize(cameras=int(cameras), parts=int(cameras) * 5 // 2)
    wording, values = open_services().load_wording("en"), _shown(size)
    begun, clock = time.process_time(), time.perf_counter()
    for name in FORMATS:
        list(WRITERS[name](*values, folder, wording, DraftOrder(date=DATE)))
    figures = {"cpu_s": time.process_time() - begun, "clock_s": time.perf_counter() - clock}
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures |= {f"{name}_pages": pages_in(folder / f"{name}.pdf") for name in ("plan", "audit")}
    del values
    begun = time.process_time()
    page = write_map(*_shown(PlanSize(cameras=int(cones), parts=size.parts)), folder / "cones.html", wording)
    print(json.dumps({**figures, "map_mb": page.stat().st_size / 1e6, "map_cpu_s": time.process_time() - begun}))


def pages_in(path: Path) -> int:
    """Return how many pages a PDF of typst has, whose page objects stand unpacked: the program has no reader of PDF."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


def _shown(size: PlanSize) -> tuple[ShownProject, ShownAssessment]:
    project, answers = large_plan(size)
    return ShownProject(project), ShownAssessment(answers)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Write all drafts of a project and print how many seconds of the processor and of the clock that took, without its answers."""

import os
import sys
import time
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services


def main(project_file: str, folder: str) -> None:
    """Answer, then write."""
    services = open_services()
    project = workflow.open_project(services, Path(project_file)).project
    assessment = workflow.check(services, project)
    begun, clock = os.times(), time.perf_counter()
    workflow.export(services, project, assessment, tuple(services.writers), Path(folder), language="en")
    print(sum(os.times()[:4]) - sum(begun[:4]), time.perf_counter() - clock)


if __name__ == "__main__":
    main(*sys.argv[1:])

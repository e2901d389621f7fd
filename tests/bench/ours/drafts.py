"""Write all drafts of a project and print how many seconds of the processor that took, its answers not counted."""

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
    begun = time.process_time()
    workflow.export(services, project, assessment, tuple(services.writers), Path(folder), language="en")
    print(time.process_time() - begun)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A format that cannot be written takes no other with it: its failure is one sentence with the format and the cause."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest
from report_factory import a_check, a_project

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.errors import Cancelled, DraftsError, Fault
from lhasaplan.workflow.drafting import NOTE

UNWRITTEN = "Not all drafts of the format docx could be written: "
CAUSES = {
    "a library's own": (ValueError("{% for x in y %}"), UNWRITTEN + "ValueError: {% for x in y %}"),
    "the disk's": (
        OSError(errno.ENOSPC, "No space left on device", "out/audit.docx"),
        "out/audit.docx, docx: There is no room left on the disk; make some and repeat the step",
    ),
    "the system's own": (
        OSError(errno.EIO, "Input/output error", "out/audit.docx"),
        UNWRITTEN + "out/audit.docx: Input/output error",
    ),
    "one without words": (RecursionError(), UNWRITTEN + "RecursionError: "),
}


def rooms_in_which(name, error):
    """Return the real services, but for one writer."""

    def fail(*_args, **_options):
        raise error

    services = open_services()
    return replace(services, writers={**services.writers, name: fail})


def export(services, folder, formats=("docx", "register", "xlsx"), **how):
    return workflow.export(services, a_project(), a_check(), formats, folder, language="en", **how)


@pytest.mark.parametrize(("error", "said"), CAUSES.values(), ids=CAUSES)
def test_that_the_other_formats_are_written_and_the_failed_one_is_named_with_its_cause(error, said, tmp_path):
    with pytest.raises(DraftsError) as stopped:
        export(rooms_in_which("docx", error), tmp_path)
    assert [str(fault) for fault in stopped.value.faults] == [said]
    names = ["register.csv", "register.json", "audit.xlsx", "schedule.xlsx"]
    assert [Path(path).name for path in stopped.value.files] == names
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, NOTE])


def test_that_what_a_writer_says_of_the_request_is_told_once_and_as_it_is(tmp_path):
    fault = Fault("There is no camera {camera} in the answers", params={"camera": "x"})
    with pytest.raises(DraftsError) as stopped:
        export(open_services(), tmp_path, ("pages", "letter", "register"), cameras=("x",))
    assert stopped.value.faults == (fault,)
    assert [Path(path).name for path in stopped.value.files] == ["register.csv", "register.json"]
    assert stopped.value.exit_code == 2


def test_that_a_cancel_ends_all_formats(tmp_path):
    with pytest.raises(Cancelled):
        export(rooms_in_which("docx", Cancelled()), tmp_path)
    assert not list(tmp_path.iterdir())


def test_that_a_shipped_city_keeps_its_project_file_when_a_format_fails(tmp_path):
    shown = workflow.demo(rooms_in_which("xlsx", ValueError("no")), "hilltown", tmp_path, "en", formats=("xlsx", "register"))
    assert [path.name for path in shown.files] == ["register.csv", "register.json", "hilltown-project.gpkg"]
    assert [fault.params for fault in shown.faults] == [{"format": "xlsx", "cause": "ValueError: no"}]

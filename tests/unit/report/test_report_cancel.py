"""Writing drafts tells progress and can be cancelled; what stood there before stays."""

import pytest
from report_factory import a_check, a_project

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.errors import Cancelled

BEGUN = {"xlsx": 0.0, "pptx": 0.3}  # a plan tries its options first


@pytest.mark.parametrize("name", ["xlsx", "pptx"])
def test_that_a_cancel_is_heard_while_a_draft_is_written_and_the_old_draft_stays(name, tmp_path):
    old = tmp_path / f"audit.{name}"
    old.write_text("the draft of yesterday")
    reported = []

    def cancel_at_the_second_word(share, step):
        if step == "write the drafts":
            reported.append(share)
        if len(reported) == 2:  # before the draft, and with a sentence of it
            raise Cancelled

    with pytest.raises(Cancelled):
        workflow.export(
            open_services(), a_project(), a_check(), (name,), tmp_path, language="fr", progress=cancel_at_the_second_word
        )
    assert reported == pytest.approx([BEGUN[name]] * 2)
    assert old.read_text() == "the draft of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == [f"audit.{name}"]


def test_that_drafts_are_the_same_whether_somebody_listens_or_not(tmp_path):
    shares = []
    for folder, progress in ((tmp_path / "a", lambda share, _step: shares.append(share)), (tmp_path / "b", lambda *_: None)):
        workflow.export(open_services(), a_project(), a_check(), ("register", "html"), folder, language="en", progress=progress)
    assert (tmp_path / "a" / "map.html").read_bytes() == (tmp_path / "b" / "map.html").read_bytes()
    for begun in (0.3, 0.65):  # after the options of the plan, each of the two formats
        assert any(share == pytest.approx(begun) for share in shares)

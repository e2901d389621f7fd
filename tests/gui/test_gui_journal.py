"""What is edited in the window stands in the journal as the change that it was, until it is taken back."""

from lhasaplan.app.state.edits import Author, turned
from lhasaplan.core.changes.camera_change import TurnCamera
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.project.journal import CamerasChanged, JournalEntry


def test_that_an_edit_of_a_camera_is_in_the_journal_once_a_gesture_and_gone_with_undo(window):
    session, author = window.session, Author("A. Example", "2026-02-05")
    camera, before = session.project.cameras[0].camera_id, session.project.journal
    gesture = session.history.new_gesture()
    for azimuth_deg in (11.0, 12.0, 13.0):
        session.edit("Turn", turned(camera, azimuth_deg, author), gesture)
    event = CamerasChanged(Proposal((TurnCamera(camera, 13.0),)))
    assert session.project.journal == (*before, JournalEntry(event, "2026-02-05", "A. Example"))
    session.history.undo()
    assert session.project.journal == before

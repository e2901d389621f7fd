"""The tool that shows what stands in the picture of the selected camera, and takes masks that are drawn in it."""

from dataclasses import dataclass

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Panel, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.app.state.session import Session
from lhasaplan.app.tools.picture.overlay import Ring
from lhasaplan.app.tools.picture.panel import PicturePanel
from lhasaplan.app.tools.picture.pictures import Pictures, SavingPictures, ask_file
from lhasaplan.core.base.translations import marked

# Masks drawn in the picture become masks of the camera: each is one step that can be undone.

ADD, DROP = marked("Mask in the picture"), marked("Remove a mask from the picture")


class PictureMasks:
    """Adds and takes away masks of the selected camera."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, ring: Ring) -> None:
        """Give the selected camera one mask more."""
        camera = self._session.selected
        if camera is not None:
            self._put((*camera.mask_px, ring), ADD)

    def drop(self, number: int) -> None:
        """Take a mask of the selected camera away."""
        camera = self._session.selected
        if camera is not None and 0 <= number < len(camera.mask_px):
            self._put(camera.mask_px[:number] + camera.mask_px[number + 1 :], DROP)

    def _put(self, rings: tuple[Ring, ...], template: str) -> None:
        edit = edits.changed(self._session.selected_id, {"mask_px": rings}, self._session.author)
        self._session.edit(template, edit)


KEY = "picture"


@dataclass(frozen=True, eq=False, slots=True)
class PictureCommands:
    """What the tool can do: draw pictures, mask in them, save them."""

    pictures: Pictures
    masks: PictureMasks
    saving: SavingPictures


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session = bench.session
    panel, masks = PicturePanel(bench.language), PictureMasks(session)
    pictures = Pictures(session, bench.engine, bench.sight, bench.jobs)
    saving = SavingPictures(bench, pictures, ask_file(panel, bench.language))
    pictures.following.drawn.connect(panel.show_shot)
    pictures.following.missing.connect(panel.tell)
    pictures.following.failed.connect(lambda error: panel.tell(bench.language.fault(error.faults[0])))
    panel.wished.connect(pictures.want)
    panel.resized.connect(pictures.following.fit)
    panel.save_wished.connect(saving.save)
    panel.view.mask_drawn.connect(masks.add)
    panel.view.removal_wished.connect(lambda: masks.drop(panel.view.picked))
    session.attention.panel_seen.connect(lambda key, is_seen: pictures.following.look(is_seen) if key == KEY else None)
    show = Entry(KEY, marked("Through the &lens"), lambda: session.attention.panel_wished.emit(KEY), "Ctrl+L")
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Through the lens"), panel, within="selected"),),
        entries=((marked("&View"), show),),
        commands=PictureCommands(pictures, masks, saving),
    )

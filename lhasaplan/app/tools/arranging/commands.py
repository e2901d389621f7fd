"""Copy, paste, mirror and align cameras, and repeat one along its street; what adds cameras is a plan behind the gate."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.commands.placing import Placing
from lhasaplan.app.commands.refused_ground import refused_ground
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.core.base.wording import marked
from lhasaplan.core.layout.alignment import evenly_spaced, on_a_line, turned_alike
from lhasaplan.core.layout.copies import shifted_to
from lhasaplan.core.model.camera import Camera, Status

NO_STREET = marked("No street is near this camera, so there is nothing to mirror over or to go along.")
COPIED = marked("Copied: {count}. Ctrl+V over the map pastes where the pointer is, as plans.")
Cameras = tuple[Camera, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """How a camera is repeated along its street."""

    spacing_m: float = 30.0
    count: int = 5
    is_alternating: bool = False


class Arranging(QObject):
    """Acts on the selected cameras; each act is one step that can be taken back."""

    changed = Signal()  # what was copied, or what there is to go along

    def __init__(self, bench: Workbench, placing: Placing) -> None:
        super().__init__()
        self._bench, self._placing = bench, placing
        self._pointed: tuple[float, float] | None = None
        self.copied: Cameras = ()
        bench.canvas.pointed.connect(self._point)
        bench.snapper.ready.connect(self.changed)
        bench.session.left.connect(self._forget)

    def _point(self, x_m: float, y_m: float) -> None:
        self._pointed = (x_m, y_m)

    def _forget(self) -> None:
        """Drop copies and pointer: another project may have another grid."""
        self.copied, self._pointed = (), None
        self.changed.emit()

    @property
    def chosen(self) -> Cameras:
        """Return the selected cameras that stand, in the order in which they were chosen."""
        session = self._bench.session
        found = map(session.camera, session.selection.ids)
        return tuple(camera for camera in found if camera is not None and camera.status is not Status.REMOVED)

    def has(self, count: int) -> bool:
        """Say whether at least so many cameras are selected."""
        return len(self.chosen) >= count

    # Copies

    def copy(self) -> None:
        """Keep the selected cameras to paste them."""
        self.copied = self.chosen
        if self.copied:
            self._bench.session.attention.say(self._bench.language(COPIED, count=len(self.copied)))
        self.changed.emit()

    def paste(self) -> None:
        """Add what was copied as plans where the pointer is, or in the middle of the map."""
        viewport = self._bench.canvas.viewport
        x0, y0, x1, y1 = viewport.box_m
        at = self._pointed
        here = at if at is not None and x0 <= at[0] <= x1 and y0 <= at[1] <= y1 else (viewport.x_m, viewport.y_m)
        if self.copied:
            self._placing.add(marked("Paste cameras"), shifted_to(self.copied, *here))

    # Mirrors

    def mirror(self) -> None:
        """Move the selected cameras over their streets, as in a mirror."""
        self._change(marked("Mirror cameras"), tuple(self._mirrored(camera) or camera for camera in self.chosen))

    def mirror_copies(self) -> None:
        """Add the selected cameras as plans on the other side of their streets."""
        copies = [copy for camera in self.chosen if (copy := self._mirrored(camera)) is not None]
        self._placing.add(marked("Mirror cameras"), copies)

    def _mirrored(self, camera: Camera) -> Camera | None:
        from lhasaplan.core.layout.rows import over_street  # noqa: PLC0415  (loads the core)

        targets, lean = self._bench.snapper.targets, self._bench.city.convergence_deg
        found = over_street(targets.carriageways, camera, lean) if targets is not None else None
        if found is None:
            self._bench.session.attention.say(self._bench.language(NO_STREET))
        return found

    # Alignment

    def align(self) -> None:
        """Move the selected cameras onto the line from the first to the last."""
        self._arrange(marked("Align cameras"), on_a_line, 3)

    def space(self) -> None:
        """Space the selected cameras evenly on the line from the first to the last."""
        self._arrange(marked("Space cameras evenly"), evenly_spaced, 3)

    def turn_alike(self) -> None:
        """Turn the selected cameras as the last of them."""
        self._arrange(marked("Turn cameras alike"), turned_alike, 2)

    def _arrange(self, template: str, arrange: Callable[[Cameras], Cameras], least: int) -> None:
        chosen = self.chosen
        if len(chosen) >= least:
            self._change(template, arrange(chosen))

    def _change(self, template: str, cameras: Cameras) -> None:
        """Change cameras, but where a planned one would come to stand on protected ground."""
        session, bench = self._bench.session, self._bench
        planned = [camera for camera in cameras if camera.status is Status.PLANNED]
        refused = refused_ground(bench, planned)
        if refused:
            session.attention.say(refused)
        elif cameras:
            session.edit(template, edits.changed_to(cameras, session.author))

    # Rows

    def row(self, row: Row) -> Cameras:
        """Return the cameras of a row along the street of the selected one; empty without a street."""
        from lhasaplan.core.layout.rows import row_at_street  # noqa: PLC0415  (loads the core)

        camera, targets = self._bench.session.selected, self._bench.snapper.targets
        if camera is None or targets is None or camera.status is Status.REMOVED:
            return ()
        lean = self._bench.city.convergence_deg
        return row_at_street(targets, camera, row.spacing_m, row.count, lean, alternating=row.is_alternating)

    def add_row(self, row: Row) -> None:
        """Add a row as plans."""
        cameras = self.row(row)
        if not cameras:
            self._bench.session.attention.say(self._bench.language(NO_STREET))
        self._placing.add(marked("Add a row of cameras"), cameras)

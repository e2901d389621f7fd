"""A mask while it is being drawn in a picture: a rectangle that is pulled up, or corners that are clicked."""

from dataclasses import dataclass, field

RECTANGLE, POLYGON = "rectangle", "polygon"
FEWEST_CORNERS = 3
LEAST_PX = 4.0  # of the camera's picture: a smaller rectangle was a click, a nearer corner is the same

Corner = tuple[float, float]
Ring = tuple[Corner, ...]


@dataclass
class MaskDrawing:
    """What was drawn so far, in the camera's pixels; a finished ring is given back by the step that finishes it."""

    tool: str = ""
    size_px: tuple[float, float] = (0.0, 0.0)
    corners: list[Corner] = field(default_factory=list)

    def use(self, tool: str) -> None:
        """Draw with another tool, or with none; what was begun is dropped."""
        self.tool = tool
        self.corners.clear()

    def press(self, at: Corner) -> None:
        """Begin a rectangle, or lay a corner of a polygon."""
        at = self._within(at)
        if self.tool == RECTANGLE:
            self.corners[:] = [at, at]
        elif self.tool == POLYGON:
            last = self.corners[-2:-1]  # the last one follows the pointer
            if not last or _is_apart(last[0], at):
                self.corners[-1:] = [at, at]

    def move(self, at: Corner) -> None:
        """Let the free corner follow the pointer."""
        if self.corners:
            self.corners[-1] = self._within(at)

    def release(self) -> Ring | None:
        """Return the rectangle that was pulled up, None for a click."""
        if self.tool != RECTANGLE or len(self.corners) != 2:
            return None
        (u0, v0), (u1, v1) = self.corners
        self.corners.clear()
        if min(abs(u1 - u0), abs(v1 - v0)) < LEAST_PX:
            return None
        left, right, top, bottom = min(u0, u1), max(u0, u1), min(v0, v1), max(v0, v1)
        return (left, top), (right, top), (right, bottom), (left, bottom)

    def close(self) -> Ring | None:
        """Return the polygon whose corners were laid, None for too few."""
        if self.tool != POLYGON:
            return None
        laid = self.corners[:-1]
        if len(laid) < FEWEST_CORNERS:
            return None
        self.corners.clear()
        return tuple(laid)

    def back(self) -> None:
        """Take the last corner back."""
        if self.tool == POLYGON and len(self.corners) > 1:
            self.corners[-2:] = self.corners[-1:] if len(self.corners) > 2 else []

    def drop(self) -> bool:
        """Drop what was begun; say whether there was anything."""
        had = bool(self.corners)
        self.corners.clear()
        return had

    def _within(self, at: Corner) -> Corner:
        """Return a place rounded to pixels and kept within the picture."""
        u, v = (min(max(float(round(at[k])), 0.0), self.size_px[k]) for k in (0, 1))
        return u, v


def _is_apart(one: Corner, other: Corner) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= LEAST_PX

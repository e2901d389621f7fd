"""What a tour shows: which part of the window, and what is said of it."""

from dataclasses import dataclass

from lhasaplan.core.base.wording import marked

MAP, TOOLBAR, STATUS = "map", "toolbar", "status"


@dataclass(frozen=True, slots=True)
class Step:
    """One bubble. ``part`` is the name of a widget of the window: the map, the toolbar, or the title of a panel."""

    part: str
    title: str
    words: str


STEPS = (
    Step(
        MAP,
        marked("The map shows what each camera can see"),
        marked(
            "Blue is certain, violet is possible because direction or lens are not recorded. Drag to pan, turn the wheel to zoom."
        ),
    ),
    Step(
        MAP,
        marked("Click a camera, or any spot"),
        marked(
            "A camera is taken in hand: drag it, or turn it by its round handle. A spot is answered with who can see it. "
            "The right button offers more: why it is not seen, measuring, coordinates."
        ),
    ),
    Step("Camera", marked("The record of a camera"), marked("Every value can be corrected; what stood there before is kept.")),
    Step("Layers", marked("Layers and what colours mean"), marked("Tick what you want to see. Protected places are no layer.")),
    Step(
        TOOLBAR,
        marked("Run the audit"),
        marked("It looks for what must not be seen and tries what would end it. F5 does the same; it can be cancelled."),
    ),
    Step(
        "Findings",
        marked("What was found, and what ends it"),
        marked("Choose a line: the map goes there, and the cures that were tried stand beside it."),
    ),
    Step(
        "Versions",
        marked("Before and after"),
        marked("Keep the plan as a version, change it, and compare both under a line that you swipe over the map."),
    ),
    Step("Summary", marked("The whole in figures"), marked("How much is seen, for which purpose, and whether planning is open.")),
)

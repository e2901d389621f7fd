"""What a user may say of a file that is taken in: its kind of data, the datum of its positions, columns that name no use."""

from collections.abc import Mapping

from lhasaplan.core.base.translations import marked

MODELS = "models"  # a catalogue of makers and models of cameras
ANSWERS = "answers"  # a questionnaire that a controller filled in
DECISIONS = "decisions"  # a schedule that the office filled in, or the minutes of a meeting
REASONS = "reasons"  # a district's table of differences from the city's plan, with the reasons that the office filled in
# The kinds of data that a user may say a file holds, and what each is called.
KIND_NAMES: Mapping[str, str] = {
    "osm": marked("OpenStreetMap extract"),
    "buildings": marked("Buildings"),
    "roads": marked("Roads"),
    "places": marked("Places"),
    "areas": marked("Areas"),
    "terrain": marked("Terrain"),
    "trees": marked("Trees"),
    "poles": marked("Poles and lamps"),
    "floor_walls": marked("Walls of floor plans"),
    "surveys": marked("Areas where cameras were surveyed"),
    "cameras": marked("Cameras"),
    "baseline": marked("Cameras as they were approved"),
    "signs": marked("Signs that announce cameras"),
    MODELS: marked("Catalogue of camera models"),
    ANSWERS: marked("Questionnaires filled in by controllers"),
    DECISIONS: marked("Filled-in schedule or minutes"),
    REASONS: marked("Reasons why a district's plan differs"),
}
KINDS = tuple(KIND_NAMES)
READ_KINDS = tuple(
    kind for kind in KINDS if kind not in (MODELS, ANSWERS, DECISIONS, REASONS)
)  # the others say more of what is there
# A remark of readers that is a question: nothing is taken in until somebody answers it.
UNREAD_USE = marked(
    "the column {column} is not read as a use, but {count} of its values have words of protected places "
    "({examples}). If it says what the things are, rename it class in a copy of the file and import the copy"
)
ANY_COLUMN = "*"  # in the place of the names of columns: none of those that are asked about says what the things are
DATUMS = ("wgs84", "gcj02", "bd09")

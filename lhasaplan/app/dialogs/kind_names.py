"""What the window calls what a file may hold, by the name of the layer or list that comes of it."""

from lhasaplan.core.base.wording import marked

KIND_NAMES = {
    "osm": marked("OpenStreetMap extract"),
    "buildings": marked("Buildings"),
    "roads": marked("Roads"),
    "places": marked("Places"),
    "areas": marked("Areas"),
    "terrain": marked("Terrain"),
    "trees": marked("Trees"),
    "poles": marked("Poles and lamps"),
    "floor_walls": marked("Walls of floor plans"),
    "cameras": marked("Cameras"),
    "baseline": marked("Cameras as they were approved"),
    "signs": marked("Signs that announce cameras"),
    "answers": marked("Questionnaires that controllers filled in"),
    "decisions": marked("Schedule or minutes that were filled in"),
    "reasons": marked("Reasons why a district's plan differs"),
}

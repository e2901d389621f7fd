"""The English sentence of every note that stands beside the numbers; catalogues carry the other languages."""

from collections.abc import Mapping

from lhasaplan.core.base.translations import marked

NOTES: Mapping[str, str] = {
    "script": marked(
        "{percent} % of the names in the data are mostly in {script} letters, unlike names in {country}, where "
        "the coordinates put the cameras. Is the coordinate system right? The gate can check only what is "
        "declared."
    ),
    "closed": marked("{count} drawn protected places are closed, so this audit lacks them. Cameras may be able to see them."),
    "undisclosed": marked(
        "Near {count} cameras lie protected places that are not listed one by one here. For these cameras the "
        "report states only how finely they show the ground nearby. The private copy (--private), for those "
        "responsible for the cameras, states what they can see of these places and what would end it."
    ),
    "ground": marked("The ground comes from the stored terrain: {sources}. Sight is computed in cells of {cell_m} m."),
    "ground_filled": marked(
        "{percent} % of the ground near cameras has no height in the stored terrain; the nearest height is used."
    ),
    "coarse": marked(
        "Terrain coarser than {metres} m ends no view of a protected place, because {sources} shows no wall, "
        "terrace or cutting. For such places the program computes the view twice, over this terrain without "
        "ground in the way and on level ground. The sharper view counts. The ground that a camera can see, and "
        "its area, do end at this terrain."
    ),
    "crossing": marked(
        "{count} building outlines lie on the ground of another building with another use, height or house "
        "number. Two buildings cannot share one ground. These outlines end no view of a protected place. Ask "
        "which building is there."
    ),
    "thin_walls": marked(
        "Strips too narrow for a building are walls. Like trees they are no masks: they end no view of a "
        "protected place, but they end the ground that a camera can see. Outlines with such strips: {count}."
    ),
    "behind_terrain": marked(
        "Only the ground hides these views; they are not graded (homes: {homes}, other protected places: "
        "{protected}, likely dwellings: {likely}, buildings of unknown use: {unknown})."
    ),
    "not_behind_coarse": marked(
        "Coarse terrain would have ended these views; they are graded all the same (homes: {homes}, other "
        "protected places: {protected}, likely dwellings: {likely}, buildings of unknown use: {unknown})."
    ),
    "ended_by_height": marked(
        "Only the declared height (under ground or above 100 m) ends views that would or could be due or severe "
        "(homes: {homes}, other protected places: {protected}, likely dwellings: {likely}). Check the height: "
        "{cameras}."
    ),
    "ended_by_height_many": marked(
        "Only the declared height (under ground or above 100 m) ends views that would or could be due or severe "
        "(homes: {homes}, other protected places: {protected}, likely dwellings: {likely}). Check the height: "
        "{cameras} and {more} more."
    ),
    "ended_by_picture": marked(
        "Only the declared picture (fewer than 320 pixels across) ends views that would or could be due or "
        "severe (homes: {homes}, other protected places: {protected}, likely dwellings: {likely}). Check the "
        "picture: {cameras}."
    ),
    "ended_by_picture_many": marked(
        "Only the declared picture (fewer than 320 pixels across) ends views that would or could be due or "
        "severe (homes: {homes}, other protected places: {protected}, likely dwellings: {likely}). Check the "
        "picture: {cameras} and {more} more."
    ),
    "ended_by_indoor": marked(
        "Only the declared indoor place ends views that would or could be due or severe (homes: {homes}, other "
        "protected places: {protected}, likely dwellings: {likely}). Check whether the camera hangs indoors: "
        "{cameras}."
    ),
    "ended_by_indoor_many": marked(
        "Only the declared indoor place ends views that would or could be due or severe (homes: {homes}, other "
        "protected places: {protected}, likely dwellings: {likely}). Check whether the camera hangs indoors: "
        "{cameras} and {more} more."
    ),
    "ended_by_ground": marked(
        "Only imported terrain hides views that would or could be due or severe (homes: {homes}, other protected "
        "places: {protected}, likely dwellings: {likely}). Check the terrain: {cameras}."
    ),
    "ended_by_ground_many": marked(
        "Only imported terrain hides views that would or could be due or severe (homes: {homes}, other protected "
        "places: {protected}, likely dwellings: {likely}). Check the terrain: {cameras} and {more} more."
    ),
    "ended_by_range": marked(
        "Only the declared range ends views that would or could be due or severe (homes: {homes}, other "
        "protected places: {protected}, likely dwellings: {likely}). Check the range: {cameras}."
    ),
    "ended_by_range_many": marked(
        "Only the declared range ends views that would or could be due or severe (homes: {homes}, other "
        "protected places: {protected}, likely dwellings: {likely}). Check the range: {cameras} and {more} more."
    ),
    "ended_by_mask": marked(
        "Only declared masks end views that would or could be due or severe (homes: {homes}, other protected "
        "places: {protected}, likely dwellings: {likely}). Check the masks: {cameras}."
    ),
    "ended_by_mask_many": marked(
        "Only declared masks end views that would or could be due or severe (homes: {homes}, other protected "
        "places: {protected}, likely dwellings: {likely}). Check the masks: {cameras} and {more} more."
    ),
    "surface_model": marked(
        "Under most houses the terrain is {metres} m higher than around them. It seems to be a surface model: "
        "houses count twice and trees are ground. Import a model of the bare ground instead (DTM, DGM, MNT)."
    ),
    "roofs": marked(
        "For {count} roofs the data give the height above the datum. That height counts, even if other heights or "
        "storeys are stated."
    ),
    "roofs_unused": marked(
        "For {count} buildings the roof's height above the datum is not used: their ground is unknown, or the "
        "roof would lie below it. Their height, storeys or kind count instead."
    ),
    "ground_beyond": marked("{count} cameras stand beyond the stored terrain; the height of its edge is used."),
    "terrain": marked("The stored terrain cannot be read or does not reach a camera: the ground is taken as level."),
    "trees": marked(
        "Trees (in leaf) and hoardings can hide confirmed parts. They never hide a protected place or ground, "
        "because they can be cut down or removed."
    ),
    "behind_trees": marked("Only trees or hoardings hide {count} demand points; without leaves {free} of them are free."),
    "gone": marked(
        "A step of {gone_on} removed {count} protected features from the data, changed their kind or made them "
        "smaller. Ask what they were."
    ),
    "suspended": marked(
        "{count} decisions are suspended: their subject is missing or has become something else. They count as "
        "not made. Make them again, or restore their subject."
    ),
    "declared_cells": marked(
        "{by} declared on {date}: no building stands in these cells of 500 m ({count}; longitude, latitude and "
        "nearest street of their middle): {cells}"
    ),
    "declared_dwellings": marked("{by} declared on {date}: people live in {count} buildings, so they count as homes."),
    "declared_country": marked(
        "{by} declared on {date}: what is planned within 300 m of a border lies in {countries}. Outlines of "
        "countries are accurate to some 100 m."
    ),
    "declared_names": marked("{by} declared on {date}: {count} buildings are not what their names say; the map knows their use."),
    "declared_no_dwellings": marked("{by} declared on {date}: nobody lives in {count} buildings of unknown use."),
    "beyond_data": marked(
        "{hectares} ha of the plan area lie beyond the imported buildings and roads. The data end there, not the "
        "town. Import more data, or draw a smaller plan area."
    ),
    "gone_unknown": marked("A step of {gone_on} ended the protection of {count} buildings of unknown use. Ask what they are."),
    "unread": marked(
        "{count} outlines of protected places could not be read completely: the files cut them off or break "
        "them. Cameras may be able to see these places."
    ),
    "cut_short": marked(
        "No range is recorded for {count} cameras, and their lens may still show 25 px/m beyond {metres} m. The "
        "computation ends at that distance."
    ),
    "unmapped": marked("Protected places come from the map. There may be others that the map does not show."),
    "indoors_nowhere": marked(
        "{count} cameras are recorded as indoors, but no building outline surrounds them. Their walls are not in "
        "the data, so their view is not computed."
    ),
    "no_cameras": marked("The project has no camera in operation: there was nothing to examine."),
    "bare": marked(
        "For {count} cameras the data have no building within {metres} m. If there are buildings, the data do "
        "not show what they hide or where homes are."
    ),
    "no_buildings": marked("There is no building layer. Without it nothing blocks a view, and homes are not known."),
    "policy": marked("Distances and pixel densities that no law sets are the policy of this program."),
    "beyond_law": marked(
        "{count} cameras stand outside the territory of the rule pack {pack}. There its articles are a yardstick, not the law."
    ),
    "signs_of_others": marked(
        "{count} signs name cameras that are not in the project. They announce none of the cameras examined here."
    ),
    "planned_closed": marked("{count} planned cameras are not examined, because the gate is closed."),
    "synthetic": marked("All data of this project are fictitious."),
    "unsourced": marked(
        "{count} cameras are recorded as operating only by their table, without source and date. Nothing shows that they exist."
    ),
    "assumed": marked("Cameras with assumed values: {count}. Their views are possible, not certain."),
    "night_unknown": marked("Cameras without a recorded range at night: {count}. Their view at night is not computed."),
    "service_limit": marked("Changes were computed for the first {most} parts that are not met; {count} more are not met."),
    "candidates": marked(
        "Rule packs name {count} places here as possible grounds for a camera. Nobody asked for them, so they do not count."
    ),
    "candidates_refused": marked("{count} such places can never be asked for, mostly because they lie on protected ground."),
}

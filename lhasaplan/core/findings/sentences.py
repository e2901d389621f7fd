"""The English sentence of every finding kind, mitigation, question and note; catalogues carry the other languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS
from lhasaplan.core.results.assessment import ServiceOption
from lhasaplan.core.results.finding import Certainty, Finding, Mitigation, MitigationAction

# "can see", never "sees"; "no mask known": nobody here can know whether a camera is on or masked inside.
FINDINGS: Mapping[str, str] = {
    "view_home": marked("Camera {camera} can see homes ({places}): {views}. No mask known."),
    "view_protected": marked("Camera {camera} can see protected places ({places}): {views}. No mask known."),
    "view_home:masked": marked("Camera {camera} can see homes ({places}), after the masks on record: {views}."),
    "view_protected:masked": marked("Camera {camera} can see protected places ({places}), after the masks on record: {views}."),
    "view_dwelling_likely": marked(
        "Camera {camera} can see likely dwellings ({places}), buildings of unknown use that house numbers, entrances or names "
        "tell of: {views}. No mask known."
    ),
    "view_dwelling_likely:masked": marked(
        "Camera {camera} can see likely dwellings ({places}), buildings of unknown use that house numbers, entrances or names "
        "tell of, after the masks on record: {views}."
    ),
    "view_unknown_use": marked("Camera {camera} can see buildings of unknown use ({places}): {views}."),
    "unasked_area": marked("Camera {camera} can see {area_m2} m² of ground that no part it serves asks for."),
    "unasked_area:no_purpose": marked("Camera {camera} can see {area_m2} m² of ground: area seen, no purpose stated."),
    "no_purpose": marked("No purpose is recorded for camera {camera}."),
    "retention_unknown": marked("It is not recorded how long the pictures of camera {camera} are kept."),
    "retention_over": marked("The pictures of camera {camera} are kept {days} days; the limit is {limit_days} days."),
    "retention_reason": marked("The pictures of camera {camera} are kept {days} days; more than {limit_days} days need reasons."),
    "retention_reason:purpose": marked(
        "The pictures of camera {camera} are kept {days} days, longer than {limit_days} days, and no purpose is named."
    ),
    "sign_unknown": marked("It is not recorded whether a sign announces camera {camera}."),
    "sign_missing": marked("No sign announces camera {camera}."),
    "sign_not_before_entry": marked(
        "Camera {camera}: of {entries} ways into its view {unsigned} have no sign within {before_m} m before it "
        "(a distance that is the policy of this program)."
    ),
    "direction_unknown": marked("The direction of camera {camera} is not recorded; every direction it may have is looked at."),
    "optics_unknown": marked(
        "The lens of camera {camera} is not recorded; every lens within the limits of its kind is looked at."
    ),
    "pan_tilt": marked("Camera {camera} can turn and zoom beyond its home view; its whole sweep is looked at."),
    "indoor_forbidden": marked("Camera {camera} stands inside a protected place."),
    "gap": marked("No operating camera is known to show any of part {part} sharply enough."),
    "weak": marked("Part {part} is seen, but only {share_percent} % of it at the density that it needs."),
    "partial": marked("Only {share_percent} % of part {part} is served."),
    "overlap": marked("Cameras {camera} and {other} both see {area_m2} m² and the same demand ({demand})."),
    "removable": marked("Without camera {camera} no part would lose anything."),
    "fields_missing": marked("The record of camera {camera} lacks: {fields}."),
    "changed_since_approval": marked(
        "Camera {camera} is no longer as it was approved ({fields}): the impact assessment is due again."
    ),
    "changed_since_approval:baseline": marked(
        "Camera {camera} is no longer as it was approved on {approved_on} ({fields}): the impact assessment is due again."
    ),
    "removed_since_approval": marked(
        "Camera {camera} was approved on {approved_on} and was removed: the approval and the impact assessment still list it."
    ),
    "not_approved": marked(
        "Camera {camera} operates but is not in the approved baseline (latest of {approved_on}): an impact assessment is due."
    ),
    "purpose_differs": marked(
        "Camera {camera} has the purpose {purpose} on record, but the parts it serves were confirmed for: {others}."
    ),
    "purpose_not_listed": marked("The purpose of camera {camera}, {purpose}, is not on the closed list of purposes."),
    "assembly_hours": marked("The record says that camera {camera} stays on during assemblies."),
    "assembly_ground": marked(
        "Camera {camera} can see {area_m2} m² of ground where people assemble; the record does not say that it is off then."
    ),
    "sharper_than_needed": marked(
        "Camera {camera} shows all that it serves at {density} px/m or more; {needed_px_m} px/m are needed, {times} times less."
    ),
    "entrance_in_view": marked("Camera {camera} can see doors of homes (doors: {count}) at up to {density} px/m; no mask known."),
    "entrance_in_view:masked": marked(
        "Camera {camera} can see doors of homes (doors: {count}) at up to {density} px/m, after the masks on record."
    ),
    "beyond_named_ground": marked(
        "Camera {camera} can see {area_m2} m² of ground more than {margin_m} m beyond {ground}, the ground that its record names."
    ),
    "beyond_named_ground:unknown": marked("The record of camera {camera} names the ground {ground}, which is none of the areas."),
    "no_incidents": marked("The record says that camera {camera} served no incident in a year."),
    "incidents_unknown": marked("It is not recorded how many incidents camera {camera} served in a year."),
    "approval_expired": marked("The authorisation of camera {camera} ended on {until}, {days} days ago."),
    "approval_renewal": marked(
        "The authorisation of camera {camera} ends on {until}, in {days} days; its renewal is to be asked for now."
    ),
    "review_overdue": marked("The review of camera {camera} was due on {until}, {days} days ago."),
    "review_overdue:none": marked(
        "No review of camera {camera} is on record; it is in use since {since}, {days} days ago, and a review is due every "
        "{limit_days} days."
    ),
    "end_passed": marked("Camera {camera} was to end on {until}, {days} days ago, and still operates."),
    "end_missing": marked("No end or review date is recorded for the planned camera {camera}."),
    "end_missing:far": marked(
        "The end or review date of the planned camera {camera}, {until}, lies {days} days ahead; at most {limit_days} days are "
        "provided for."
    ),
}

POSSIBLE: Mapping[str, str] = {
    "view_home": marked(
        "Camera {camera} may be able to see homes ({places}), if its unknown direction or lens allows it: {views}. No mask known."
    ),
    "view_protected": marked(
        "Camera {camera} may be able to see protected places ({places}), if its unknown direction or lens allows it: {views}. "
        "No mask known."
    ),
    "view_home:masked": marked(
        "Camera {camera} may be able to see homes ({places}), if its unknown direction or lens allows it, after the masks on "
        "record: {views}."
    ),
    "view_protected:masked": marked(
        "Camera {camera} may be able to see protected places ({places}), if its unknown direction or lens allows it, after the "
        "masks on record: {views}."
    ),
    "view_dwelling_likely": marked(
        "Camera {camera} may be able to see likely dwellings ({places}), buildings of unknown use that house numbers, entrances "
        "or names tell of, if its unknown direction or lens allows it: {views}. No mask known."
    ),
    "view_dwelling_likely:masked": marked(
        "Camera {camera} may be able to see likely dwellings ({places}), buildings of unknown use that house numbers, entrances "
        "or names tell of, if its unknown direction or lens allows it, after the masks on record: {views}."
    ),
    "view_unknown_use": marked(
        "Camera {camera} may be able to see buildings of unknown use ({places}), if its unknown direction or lens allows it: "
        "{views}."
    ),
    "unasked_area": marked("Camera {camera} may be able to see up to {area_m2} m² of ground that no part it serves asks for."),
    "unasked_area:no_purpose": marked(
        "Camera {camera} may be able to see up to {area_m2} m² of ground: area seen, no purpose stated."
    ),
    "changed_since_approval": marked(
        "The record of camera {camera} was corrected by hand ({fields}); if it was changed since its approval, the impact "
        "assessment is due again."
    ),
    "removed_since_approval": marked("Camera {camera} was approved on {approved_on}, but no operating camera is known there."),
    "not_approved": marked(
        "Camera {camera} is not in the approved baseline (latest approval {approved_on}); "
        "whether the baseline speaks for its owner is not recorded."
    ),
    "indoor_forbidden": marked("Camera {camera} is mapped inside a protected place; whether it hangs indoors is not recorded."),
    "indoor_forbidden:nature": marked(
        "Camera {camera} is mapped inside a protected place, but its record says that it watches animals or the weather; "
        "whether it shows any of the place is not recorded."
    ),
}

# Notes on what the records of one controller's cameras lack.
OF_MANY: Mapping[str, str] = {
    "no_purpose": marked("No purpose is recorded for {count} cameras ({controller}): {cameras}."),
    "retention_unknown": marked(
        "It is not recorded how long the pictures of {count} cameras ({controller}) are kept: {cameras}."
    ),
    "sign_unknown": marked("It is not recorded whether a sign announces {count} cameras ({controller}): {cameras}."),
    "direction_unknown": marked(
        "The direction of {count} cameras ({controller}) is not recorded; every direction that each may have is looked at: "
        "{cameras}."
    ),
    "optics_unknown": marked(
        "The lens of {count} cameras ({controller}) is not recorded; every lens within the limits of their kind is looked "
        "at: {cameras}."
    ),
    "fields_missing": marked("The records of {count} cameras ({controller}) lack {fields}: {cameras}."),
    "incidents_unknown": marked(
        "It is not recorded how many incidents {count} cameras ({controller}) served in a year: {cameras}."
    ),
}


@dataclass(frozen=True, slots=True)
class MitigationWords:
    """What a mitigation is called, and its sentence; where it has a value of ``variants``, the sentence that stands there."""

    name: str
    sentence: str
    variants: Mapping[str, str] = field(default_factory=dict)


MITIGATIONS: Mapping[MitigationAction, MitigationWords] = {
    MitigationAction.END_NEED: MitigationWords(
        marked("end the need for this view"), marked("End the need: serve the purpose without a camera.")
    ),
    MitigationAction.REMOVE: MitigationWords(marked("remove the camera"), marked("Remove the camera.")),
    MitigationAction.MOVE: MitigationWords(marked("move the camera"), marked("Move the camera.")),
    MitigationAction.TURN: MitigationWords(
        marked("turn the camera"),
        marked("Turn the camera to {azimuth_deg} degrees ({turn_deg} degrees from now)."),
        {"tilt_by_deg": marked("Tilt the camera down to {tilt_deg} degrees ({tilt_by_deg} degrees from now).")},
    ),
    MitigationAction.SHORTEN: MitigationWords(
        marked("shorten its range or lens"),
        marked("Fix the camera at its home view."),
        {
            "hfov_deg": marked("Narrow the lens to {hfov_deg} degrees."),
            "range_m": marked("Shorten the declared range to {range_m} m."),
        },
    ),
    MitigationAction.LOWER_RESOLUTION: MitigationWords(
        marked("lower its resolution"), marked("Lower the picture to {image_width_px} pixels across.")
    ),
    MitigationAction.MASK: MitigationWords(
        marked("mask for good"),
        marked("Mask the sectors {sectors} for good; {area_left_percent} % of the seen ground stays."),
        {
            "mask_px": marked(
                "Mask the picture for good in the sectors {sectors} (polygons: {count}); "
                "{area_left_percent} % of the seen ground stays."
            ),
        },
    ),
    MitigationAction.HOURS: MitigationWords(
        marked("limit the hours"), marked("Switch the camera off outside the hours of its purpose.")
    ),
    MitigationAction.RETENTION: MitigationWords(marked("delete earlier"), marked("Delete after {retention_days} days at most.")),
    MitigationAction.SIGN: MitigationWords(
        marked("put up signs"), marked("Put a sign before each of these entries (latitude and longitude): {first}.")
    ),
    MitigationAction.ASK: MitigationWords(marked("ask the controller first"), marked("Ask the controller: {questions}.")),
}

# What would serve a part: the action, and what of its values makes another sentence of it.
SERVICE: Mapping[str, str] = {
    "turn": marked("Turn camera {camera} to {azimuth_deg} degrees ({turn_deg} degrees from now)."),
    "turn:tilt_by_deg": marked("Tilt camera {camera} to {tilt_deg} degrees below the horizon ({tilt_by_deg} degrees from now)."),
    "raise": marked("Raise camera {camera} to {mount_height_m} m ({raise_by_m} m higher)."),
    "lens": marked("Give camera {camera} a lens of {hfov_deg} degrees ({was_hfov_deg} degrees now)."),
    "new": marked(
        "A new camera on a pole {distance_m} m away, {mount_height_m} m high, looking to {azimuth_deg} degrees, "
        "tilted {tilt_deg} degrees, with a lens of {hfov_deg} degrees."
    ),
    "new:building": marked(
        "A new camera on the facade of {building} {distance_m} m away, {mount_height_m} m high, looking to {azimuth_deg} "
        "degrees, tilted {tilt_deg} degrees, with a lens of {hfov_deg} degrees."
    ),
}

# What is asked of a holder: of a field of the record as its row says, and what is no field.
QUESTIONS: Mapping[str, str] = {
    **{each.key: each.question for each in CAMERA_FIELDS if each.question},
    "direction_range": marked(
        "Is the range of its direction what the picture shows from side to side, or limits of its bearing?"
    ),
    "mask": marked("Which parts of the picture are masked for good?"),
    "sweep": marked("How far can the camera turn and zoom, and is that blocked?"),
    "impact_assessment": marked("When was the change approved, and does the impact assessment cover it?"),
}

NOTES: Mapping[str, str] = {
    "script": marked(
        "{percent} % of the names in the data are not written as in {country}, where the coordinates put the cameras, but mostly "
        "in {script} letters: is the coordinate system the right one? The gate can only check what is declared."
    ),
    "closed": marked("{count} drawn protected places are closed and missing from this audit; cameras may be able to see them."),
    "undisclosed": marked(
        "Near {count} cameras lie protected places that are not told one by one here. Of such a camera it is said only how "
        "finely it shows ground near them; what it can see of them, and what would end that, stands in the private copy "
        "(--private) for whoever answers for the camera."
    ),
    "ground": marked("The ground is that of the stored terrain: {sources}; sight uses cells of {cell_m} m."),
    "ground_filled": marked(
        "{percent} % of the ground near cameras has no height in the stored terrain and takes the nearest one."
    ),
    "coarse": marked(
        "Terrain coarser than {metres} m ends no view of a protected place: {sources} knows no wall, terrace or cutting. Such "
        "places are looked at over it with no ground in the way, and on level ground; the sharper view counts. The ground that "
        "a camera can see, and its area, do end at it."
    ),
    "crossing": marked(
        "{count} outlines of buildings lie on the ground of another one, of another use, height or house number; no two "
        "buildings stand on the same ground. They end no view of a protected place. Ask which is there."
    ),
    "thin_walls": marked(
        "Strips too narrow for a building are walls, and as trees no masks: they end no view of a protected place, but the "
        "ground that a camera can see ends at them. Outlines with such strips: {count}."
    ),
    "behind_terrain": marked(
        "The ground alone hides views, which are not graded (of a camera onto homes: {homes}, onto other protected places: "
        "{protected}, onto likely dwellings: {likely}, onto buildings of unknown use: {unknown})."
    ),
    "not_behind_coarse": marked(
        "Coarse terrain would have ended views, which are graded all the same (of a camera onto homes: {homes}, onto other "
        "protected places: {protected}, onto likely dwellings: {likely}, onto buildings of unknown use: {unknown})."
    ),
    "ended_by_height": marked(
        "The declared height alone, under ground or above 100 m, ends views that would be due or severe, or could be "
        "where direction or lens is unknown (of a camera onto homes: {homes}, onto other protected places: {protected}, "
        "onto likely dwellings: {likely}). See whether the height is so: {cameras}."
    ),
    "ended_by_height_many": marked(
        "The declared height alone, under ground or above 100 m, ends views that would be due or severe, or could be "
        "where direction or lens is unknown (of a camera onto homes: {homes}, onto other protected places: {protected}, "
        "onto likely dwellings: {likely}). See whether the height is so: {cameras} and {more} more."
    ),
    "ended_by_picture": marked(
        "The declared picture alone, fewer than 320 pixels across, ends views that would be due or severe, or could be "
        "where direction or lens is unknown (of a camera onto homes: {homes}, onto other protected places: {protected}, "
        "onto likely dwellings: {likely}). See whether the picture is so: {cameras}."
    ),
    "ended_by_picture_many": marked(
        "The declared picture alone, fewer than 320 pixels across, ends views that would be due or severe, or could be "
        "where direction or lens is unknown (of a camera onto homes: {homes}, onto other protected places: {protected}, "
        "onto likely dwellings: {likely}). See whether the picture is so: {cameras} and {more} more."
    ),
    "ended_by_indoor": marked(
        "That a camera is declared indoors alone ends views that would be due or severe, or could be where direction or "
        "lens is unknown (of a camera onto homes: {homes}, onto other protected places: {protected}, onto likely "
        "dwellings: {likely}). See whether it hangs indoors: {cameras}."
    ),
    "ended_by_indoor_many": marked(
        "That a camera is declared indoors alone ends views that would be due or severe, or could be where direction or "
        "lens is unknown (of a camera onto homes: {homes}, onto other protected places: {protected}, onto likely "
        "dwellings: {likely}). See whether it hangs indoors: {cameras} and {more} more."
    ),
    "ended_by_ground": marked(
        "Imported ground alone hides views that would be due or severe, or could be where direction or lens is unknown (of a "
        "camera onto homes: {homes}, onto other protected places: {protected}, onto likely dwellings: {likely}). See whether "
        "the ground is so there: {cameras}."
    ),
    "ended_by_ground_many": marked(
        "Imported ground alone hides views that would be due or severe, or could be where direction or lens is unknown (of a "
        "camera onto homes: {homes}, onto other protected places: {protected}, onto likely dwellings: {likely}). See whether "
        "the ground is so there: {cameras} and {more} more."
    ),
    "ended_by_range": marked(
        "The declared range alone ends views that would be due or severe, or could be where direction or lens is unknown (of a"
        " camera onto homes: {homes}, onto other protected places: {protected}, onto likely dwellings: {likely}). See whether"
        " the range is so: {cameras}."
    ),
    "ended_by_range_many": marked(
        "The declared range alone ends views that would be due or severe, or could be where direction or lens is unknown (of a"
        " camera onto homes: {homes}, onto other protected places: {protected}, onto likely dwellings: {likely}). See whether"
        " the range is so: {cameras} and {more} more."
    ),
    "ended_by_mask": marked(
        "Declared masks alone end views that would be due or severe, or could be where direction or lens is unknown (of a "
        "camera onto homes: {homes}, onto other protected places: {protected}, onto likely dwellings: {likely}). See whether "
        "the masks are so: {cameras}."
    ),
    "ended_by_mask_many": marked(
        "Declared masks alone end views that would be due or severe, or could be where direction or lens is unknown (of a "
        "camera onto homes: {homes}, onto other protected places: {protected}, onto likely dwellings: {likely}). See whether "
        "the masks are so: {cameras} and {more} more."
    ),
    "surface_model": marked(
        "The terrain stands {metres} m higher under most houses than around them: it seems to be a surface model, in which "
        "houses stand twice and trees are ground. Import a model of the bare ground instead (DTM, DGM, MNT)."
    ),
    "roofs": marked("The data give the height of {count} roofs above the datum: it counts, whatever height or storeys they say."),
    "roofs_unused": marked(
        "Of {count} buildings the roof's height above the datum counts nothing: no terrain knows their ground, or the roof "
        "would lie below it; their height, storeys or kind count."
    ),
    "ground_beyond": marked("{count} cameras stand beyond the stored terrain: the height of its edge goes on."),
    "terrain": marked("Terrain is stored but none that can be read reaches a camera: the ground is taken as level."),
    "trees": marked(
        "Trees, taken as in leaf, and hoardings count as hiding confirmed parts, never as hiding a protected place or "
        "ground: they can be cut or taken away."
    ),
    "behind_trees": marked(
        "{count} demand points are hidden by trees or hoardings alone; without leaves {free} of them are free."
    ),
    "gone": marked(
        "A step of {gone_on} took {count} protected features out of the data, or gave them another kind or less ground. "
        "Ask what they were."
    ),
    "suspended": marked(
        "{count} decisions are suspended, since what they were made about is not there or is another thing now; they count as "
        "not made. Make them anew, or bring back what they were made about."
    ),
    "declared_cells": marked(
        "{by} declared on {date} that no building stands in these cells of 500 m (longitude, latitude and nearest street of "
        "their middle; {count}): {cells}"
    ),
    "declared_dwellings": marked("{by} declared on {date} that people live in {count} buildings; they count as homes."),
    "declared_country": marked(
        "{by} declared on {date} that what is planned within 300 m of a border lies in {countries}; the outlines of countries "
        "are true to some 100 m."
    ),
    "declared_names": marked(
        "{by} declared on {date} of {count} buildings whose use the map knows that they are not what their names say."
    ),
    "declared_no_dwellings": marked("{by} declared on {date} of {count} buildings of unknown use that nobody lives in them."),
    "beyond_data": marked(
        "{hectares} ha of the plan area lie beyond the edge of the imported buildings and roads: there the data end, not the "
        "town. Import more, or draw the plan area smaller."
    ),
    "gone_unknown": marked("A step of {gone_on} took {count} buildings of unknown use out of protection. Ask what they are."),
    "unread": marked(
        "{count} outlines of protected places could not be read, or not whole: they are cut off or broken in the files. Cameras "
        "may be able to see them."
    ),
    "cut_short": marked(
        "Of {count} cameras no range is recorded, and the lens may still show 25 px/m beyond {metres} m: no farther was looked."
    ),
    "unmapped": marked("Protected places come from the map; unmapped ones exist."),
    "indoors_nowhere": marked(
        "{count} cameras are recorded as indoors, but no building outline stands around them: nothing is said of what they can "
        "see, for walls that are not in the data would end it."
    ),
    "no_cameras": marked("The project has no camera in operation: nothing was looked at."),
    "bare": marked(
        "{count} cameras have no building within {metres} m in the data: where there are some all the same, nothing hides what "
        "they see and homes are not known."
    ),
    "no_buildings": marked("There is no building layer: nothing blocks a view, and homes are not known."),
    "policy": marked("Distances and pixel densities that no law sets are the policy of this program."),
    "beyond_law": marked(
        "{count} cameras stand outside the territory of the rule pack {pack}: what it cites there is a yardstick, not the law."
    ),
    "signs_of_others": marked(
        "{count} signs name cameras that the project does not have; they announce nothing that is looked at."
    ),
    "planned_closed": marked("{count} planned cameras are not looked at outside the gate."),
    "synthetic": marked("All data of this project are fictitious."),
    "unsourced": marked(
        "{count} cameras are recorded as operating by their table alone, without source and date: "
        "nothing shows that they hang there."
    ),
    "assumed": marked("Cameras that rest on assumed values: {count}; their views are possible, not certain."),
    "night_unknown": marked(
        "Cameras whose range at night is not recorded: {count}; nothing is said of what they can see by night."
    ),
    "service_limit": marked(
        "What would serve a part was tried out for the first {most} parts that are not met; {count} more are not met."
    ),
    "candidates": marked(
        "Places that the rule packs name as possible grounds for a camera, and that nobody asked for: "
        "{count}; they count for nothing here."
    ),
    "candidates_refused": marked(
        "{count} such places can never be asked for, most of them because they lie on protected ground."
    ),
}


def finding_sentence(finding: Finding) -> tuple[str, dict[str, object]]:
    """Return the sentence of a finding and what fills it; a possible finding has its own sentence."""
    if len(finding.cameras) > 1:
        return OF_MANY[finding.kind], dict(finding.params)
    kind = f"{finding.kind}:{finding.params['variant']}" if "variant" in finding.params else finding.kind
    words = {**FINDINGS, **POSSIBLE} if finding.certainty is Certainty.POSSIBLE else FINDINGS
    return words.get(kind, words[finding.kind]), {"camera": finding.camera_id, **finding.params}


def mitigation_sentence(mitigation: Mitigation) -> tuple[str, dict[str, object]]:
    """Return the sentence of a mitigation and what fills it."""
    sectors = ", ".join(f"{low:.0f}° - {high:.0f}°" for low, high in mitigation.mask_sector_deg)
    words = MITIGATIONS[mitigation.action]
    template = next((text for key, text in words.variants.items() if key in mitigation.values), words.sentence)
    return template, {"sectors": sectors, **mitigation.values}


def service_sentence(option: ServiceOption) -> tuple[str, dict[str, object]]:
    """Return the sentence of what would serve a part and what fills it."""
    keys = (key for key in SERVICE if key.partition(":")[0] == option.action)
    fitting = [key for key in keys if key.partition(":")[2] in ("", *option.values)]
    return SERVICE[fitting[-1]], {"camera": option.camera_id, **option.values}


def question_sentence(field: str) -> str:
    """Return the question that is put to the controller about one camera field."""
    return QUESTIONS.get(field, field)

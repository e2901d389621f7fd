"""The English sentence of every finding kind, mitigation and question; catalogues carry the other languages."""

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
    "view_home:masked": marked("Camera {camera} can see homes ({places}), with the masks on record: {views}."),
    "view_protected:masked": marked("Camera {camera} can see protected places ({places}), with the masks on record: {views}."),
    "view_dwelling_likely": marked(
        "Camera {camera} can see likely dwellings ({places}): {views}. The use of these buildings is unknown; "
        "house numbers, entrances or names suggest homes. No mask known."
    ),
    "view_dwelling_likely:masked": marked(
        "Camera {camera} can see likely dwellings ({places}), with the masks on record: {views}. The use of "
        "these buildings is unknown; house numbers, entrances or names suggest homes."
    ),
    "view_unknown_use": marked("Camera {camera} can see buildings of unknown use ({places}): {views}."),
    "unasked_area": marked("Camera {camera} can see {area_m2} m² of ground that none of its parts asks for."),
    "unasked_area:no_purpose": marked("Camera {camera} can see {area_m2} m² of ground. No purpose is stated for it."),
    "no_purpose": marked("No purpose is recorded for camera {camera}."),
    "retention_unknown": marked("The retention period of camera {camera} is not recorded."),
    "retention_over": marked("Camera {camera} keeps its pictures for {days} days; the limit is {limit_days} days."),
    "retention_reason": marked("Camera {camera} keeps its pictures for {days} days; more than {limit_days} days need reasons."),
    "retention_reason:purpose": marked(
        "Camera {camera} keeps its pictures for {days} days, more than {limit_days} days, and no purpose is named."
    ),
    "sign_unknown": marked("The record does not say whether a sign announces camera {camera}."),
    "sign_missing": marked("No sign announces camera {camera}."),
    "sign_not_before_entry": marked(
        "Camera {camera}: {unsigned} of {entries} ways into its view have no sign within the last {before_m} m "
        "(this program sets that distance)."
    ),
    "direction_unknown": marked("The direction of camera {camera} is not recorded; every possible direction is examined."),
    "optics_unknown": marked(
        "The lens of camera {camera} is not recorded; every lens within the limits of its kind is examined."
    ),
    "pan_tilt": marked("Camera {camera} can turn and zoom beyond its home view; its whole sweep is examined."),
    "indoor_forbidden": marked("Camera {camera} stands inside a protected place."),
    "gap": marked("No operating camera is known to show part {part} sharply enough."),
    "weak": marked("Part {part} is seen, but only {share_percent} % of it at the density it needs."),
    "partial": marked("Only {share_percent} % of part {part} is served."),
    "overlap": marked("Cameras {camera} and {other} both see {area_m2} m² and the same demand ({demand})."),
    "removable": marked("No part needs camera {camera}: without it none loses anything."),
    "fields_missing": marked("The record of camera {camera} lacks: {fields}."),
    "fields_missing:planned": marked("Before the planned camera {camera} is put up, its record must state: {fields}."),
    "changed_since_approval": marked(
        "Camera {camera} has changed since its approval ({fields}): a new impact assessment is due."
    ),
    "changed_since_approval:baseline": marked(
        "Camera {camera} has changed since its approval on {approved_on} ({fields}): a new impact assessment is due."
    ),
    "removed_since_approval": marked(
        "Camera {camera} was approved on {approved_on} and has been removed. The approval and the impact "
        "assessment still list it."
    ),
    "not_approved": marked(
        "Camera {camera} operates but was never approved (latest approval {approved_on}): an impact assessment is due."
    ),
    "purpose_differs": marked(
        "The record of camera {camera} states the purpose {purpose}, but its parts were confirmed for: {others}."
    ),
    "purpose_not_listed": marked("The law's list of purposes does not have {purpose}, the purpose of camera {camera}."),
    "assembly_hours": marked("The record says that camera {camera} stays on during assemblies."),
    "assembly_ground": marked(
        "Camera {camera} can see {area_m2} m² of ground where people assemble. Its record does not say that it "
        "is switched off then."
    ),
    "sharper_than_needed": marked(
        "Camera {camera} shows its parts at {density} px/m or more. They need only {needed_px_m} px/m, {times} times less."
    ),
    "entrance_in_view": marked("Camera {camera} can see doors of homes (doors: {count}) at up to {density} px/m. No mask known."),
    "entrance_in_view:masked": marked(
        "Camera {camera} can see doors of homes (doors: {count}) at up to {density} px/m, with the masks on record."
    ),
    "beyond_named_ground": marked(
        "The record of camera {camera} allows it to show {ground}. It can see {area_m2} m² of ground more than "
        "{margin_m} m beyond that."
    ),
    "beyond_named_ground:unknown": marked("The record of camera {camera} names the ground {ground}, but no area has that name."),
    "no_incidents": marked("The record says that camera {camera} served no incident in a year."),
    "incidents_unknown": marked("The record of camera {camera} does not say how many incidents it served in a year."),
    "approval_expired": marked("The authorisation of camera {camera} ended on {until}, {days} days ago."),
    "approval_renewal": marked(
        "The authorisation of camera {camera} ends on {until}, in {days} days. Apply for its renewal now."
    ),
    "review_overdue": marked("The review of camera {camera} was due on {until}, {days} days ago."),
    "review_overdue:none": marked(
        "No review of camera {camera} is on record. It has been in use since {since}, for {days} days; a review "
        "is due every {limit_days} days."
    ),
    "end_passed": marked("Camera {camera} should have ended on {until}, {days} days ago, and still operates."),
    "end_missing": marked("No end or review date is recorded for the planned camera {camera}."),
    "end_missing:far": marked(
        "The planned camera {camera} has {until} as its end or review date, in {days} days; the limit is {limit_days} days."
    ),
}

POSSIBLE: Mapping[str, str] = {
    "view_home": marked(
        "Camera {camera} may be able to see homes ({places}), depending on its unknown direction or lens: {views}. No mask known."
    ),
    "view_protected": marked(
        "Camera {camera} may be able to see protected places ({places}), depending on its unknown direction or "
        "lens: {views}. No mask known."
    ),
    "view_home:masked": marked(
        "Camera {camera} may be able to see homes ({places}), depending on its unknown direction or lens, with "
        "the masks on record: {views}."
    ),
    "view_protected:masked": marked(
        "Camera {camera} may be able to see protected places ({places}), depending on its unknown direction or "
        "lens, with the masks on record: {views}."
    ),
    "view_dwelling_likely": marked(
        "Camera {camera} may be able to see likely dwellings ({places}), depending on its unknown direction or "
        "lens: {views}. The use of these buildings is unknown; house numbers, entrances or names suggest homes. "
        "No mask known."
    ),
    "view_dwelling_likely:masked": marked(
        "Camera {camera} may be able to see likely dwellings ({places}), depending on its unknown direction or "
        "lens, with the masks on record: {views}. The use of these buildings is unknown; house numbers, "
        "entrances or names suggest homes."
    ),
    "view_unknown_use": marked(
        "Camera {camera} may be able to see buildings of unknown use ({places}), depending on its unknown "
        "direction or lens: {views}."
    ),
    "unasked_area": marked("Camera {camera} may be able to see up to {area_m2} m² of ground that none of its parts asks for."),
    "unasked_area:no_purpose": marked(
        "Camera {camera} may be able to see up to {area_m2} m² of ground. No purpose is stated for it."
    ),
    "changed_since_approval": marked(
        "The record of camera {camera} was corrected by hand ({fields}). If the camera has changed since its "
        "approval, a new impact assessment is due."
    ),
    "removed_since_approval": marked("Camera {camera} was approved on {approved_on}, but no operating camera is known there."),
    "not_approved": marked(
        "Camera {camera} is not among the approved cameras (latest approval {approved_on}). It is not recorded "
        "whether that approval covers its owner."
    ),
    "indoor_forbidden": marked(
        "The map shows camera {camera} inside a protected place. Its record does not say whether it hangs indoors."
    ),
    "indoor_forbidden:nature": marked(
        "The map shows camera {camera} inside a protected place. Its record says that it watches animals or the "
        "weather, but not whether it shows the place."
    ),
}

# Notes on what the records of one controller's cameras lack.
OF_MANY: Mapping[str, str] = {
    "no_purpose": marked("No purpose is recorded for {count} cameras ({controller}): {cameras}."),
    "retention_unknown": marked("The retention period of {count} cameras ({controller}) is not recorded: {cameras}."),
    "sign_unknown": marked("The records of {count} cameras ({controller}) do not say whether a sign announces them: {cameras}."),
    "direction_unknown": marked(
        "The direction of {count} cameras ({controller}) is not recorded; every possible direction is examined: {cameras}."
    ),
    "optics_unknown": marked(
        "The lens of {count} cameras ({controller}) is not recorded; every lens within the limits of their kind "
        "is examined: {cameras}."
    ),
    "fields_missing": marked("The records of {count} cameras ({controller}) lack {fields}: {cameras}."),
    "incidents_unknown": marked(
        "The records of {count} cameras ({controller}) do not say how many incidents they served in a year: {cameras}."
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
        marked("Turn the camera to {azimuth_deg} degrees (a turn of {turn_deg} degrees)."),
        {"tilt_by_deg": marked("Tilt the camera down to {tilt_deg} degrees (a change of {tilt_by_deg} degrees).")},
    ),
    MitigationAction.SHORTEN: MitigationWords(
        marked("shorten its range or narrow its lens"),
        marked("Fix the camera at its home view."),
        {
            "hfov_deg": marked("Narrow the lens to {hfov_deg} degrees."),
            "range_m": marked("Shorten the declared range to {range_m} m."),
        },
    ),
    MitigationAction.LOWER_RESOLUTION: MitigationWords(
        marked("lower its resolution"), marked("Lower the resolution to {image_width_px} pixels across.")
    ),
    MitigationAction.MASK: MitigationWords(
        marked("mask permanently"),
        marked("Mask the sectors {sectors} permanently; {area_left_percent} % of the ground stays in view."),
        {
            "mask_px": marked(
                "Mask the picture permanently in the sectors {sectors} (polygons: {count}); {area_left_percent} "
                "% of the ground stays in view."
            ),
        },
    ),
    MitigationAction.HOURS: MitigationWords(
        marked("limit the hours"), marked("Switch the camera off outside the hours of its purpose.")
    ),
    MitigationAction.RETENTION: MitigationWords(marked("delete earlier"), marked("Delete after {retention_days} days at most.")),
    MitigationAction.SIGN: MitigationWords(
        marked("put up signs"), marked("Put a sign at each of these entries (latitude and longitude): {first}.")
    ),
    MitigationAction.ASK: MitigationWords(marked("ask the controller first"), marked("Ask the controller: {questions}.")),
    MitigationAction.STATE: MitigationWords(marked("state it in the plan first"), marked("State in the plan: {questions}.")),
}

# What would serve a part: the action, and what of its values makes another sentence of it.
SERVICE: Mapping[str, str] = {
    "turn": marked("Turn camera {camera} to {azimuth_deg} degrees (a turn of {turn_deg} degrees)."),
    "turn:tilt_by_deg": marked(
        "Tilt camera {camera} to {tilt_deg} degrees below the horizon (a change of {tilt_by_deg} degrees)."
    ),
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
        "Does the range of its direction state what the picture shows from side to side, or how far its bearing may vary?"
    ),
    "mask": marked("Which parts of the picture are permanently masked?"),
    "sweep": marked("How far can the camera turn and zoom, and is that blocked?"),
    "impact_assessment": marked("When was the change approved, and does the impact assessment cover it?"),
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

"""What a user may say of a file that is taken in: its kind of data, and the datum of its positions."""

ANSWERS = "answers"  # a questionnaire that a controller filled in
DECISIONS = "decisions"  # a schedule that the office filled in, or the minutes of a meeting
REASONS = "reasons"  # a district's table of differences from the city's plan, with the reasons that the office filled in
READ_KINDS = (
    *("osm", "buildings", "roads", "places", "areas", "terrain", "trees", "poles", "floor_walls"),
    *("cameras", "baseline", "signs"),
)
KINDS = (*READ_KINDS, ANSWERS, DECISIONS, REASONS)  # the last three bring no features: they say more of what is there
DATUMS = ("wgs84", "gcj02", "bd09")

"""What a user may say of a file that is taken in: its kind of data, the datum of its positions, columns that name no use."""

from lhasaplan.core.base.translations import marked

ANSWERS = "answers"  # a questionnaire that a controller filled in
DECISIONS = "decisions"  # a schedule that the office filled in, or the minutes of a meeting
REASONS = "reasons"  # a district's table of differences from the city's plan, with the reasons that the office filled in
READ_KINDS = (
    *("osm", "buildings", "roads", "places", "areas", "terrain", "trees", "poles", "floor_walls"),
    *("cameras", "baseline", "signs"),
)
KINDS = (*READ_KINDS, ANSWERS, DECISIONS, REASONS)  # the last three bring no features: they say more of what is there
# A remark of readers that is a question: nothing is taken in until somebody answers it.
UNREAD_USE = marked(
    "the column {column} has words of protected places in {count} of its different values ({examples}) and is not read as a use; "
    "if it says what the things are, call it class in a copy of the file and import that instead"
)
ANY_COLUMN = "*"  # in the place of the names of columns: none of those that are asked about says what the things are
DATUMS = ("wgs84", "gcj02", "bd09")

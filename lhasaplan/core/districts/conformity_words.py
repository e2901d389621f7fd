"""Say in words how a district's plan stands to the city's: what each difference is called, and each row from what to what."""

from collections.abc import Mapping

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.changes.camera_change import AddCamera
from lhasaplan.core.changes.change_words import STATUSES, in_words
from lhasaplan.core.districts.conformity import ConformityRow, Difference
from lhasaplan.core.model.camera import Camera

NAMES: Mapping[Difference, str] = {
    Difference.KEPT: marked("kept"),
    Difference.MISSING: marked("missing"),
    Difference.ADDED: marked("added"),
    Difference.MOVED: marked("moved"),
    Difference.WEAKER: marked("weaker"),
    Difference.SEES_MORE: marked("sees more"),
    Difference.DATES: marked("other dates"),
    Difference.OTHERWISE: marked("changed otherwise"),
}
DATES: Mapping[str, str] = {
    "installed_on": marked("installed on"),
    "phase": marked("year of the work"),
    "review_date": marked("review on"),
    "end_date": marked("ends on"),
}
UNSTATED = marked("not stated")
AS_IN_CITY, WITHIN = marked("as in the city's plan"), marked("within the tolerances as in the city's plan")
GONE, TAKEN_DOWN = marked("{status} in the city's plan, in this one not"), marked("{status} in the city's plan, here taken away")
NOT_ASKED, ASKED = marked("asked for in the city's plan, here not"), marked("not asked for in the city's plan, here it is")
MOVED = marked("stands {metres} m off")
SERVED = marked("served to {old} % by the city's plan, to {new} % by this one")
GROUND = marked("ground that no part asks for: {old} m² in the city's plan, {new} m² in this one")
PLACES = marked("protected places in view, then and now: error {error}, due {due}, note {note}, possible {possible}")
DATED = marked("{what}: {old} in the city's plan, {new} in this one")


def row_in_words(row: ConformityRow, wording: Wording) -> str:
    """Return what a row says, in the reader's language."""
    return "; ".join(_WORDS[row.difference](row, wording))


def _kept(row: ConformityRow, wording: Wording) -> list[str]:
    return [wording(AS_IN_CITY if row.before == row.after else WITHIN)]


def _missing(row: ConformityRow, wording: Wording) -> list[str]:
    if row.before is None:
        return [wording(NOT_ASKED)]
    text = GONE if row.after is None else TAKEN_DOWN
    return [wording(text, status=wording(STATUSES[row.before.status]))]


def _added(row: ConformityRow, wording: Wording) -> list[str]:
    return [wording(ASKED) if row.after is None else in_words(AddCamera(row.after), None, wording)]


def _moved(row: ConformityRow, wording: Wording) -> list[str]:
    return [wording(MOVED, metres=_figure((row.measured or (0.0, 0.0))[1], wording))]


def _weaker(row: ConformityRow, wording: Wording) -> list[str]:
    old, new = (_figure(100.0 * share, wording) for share in row.measured or (0.0, 0.0))
    return [wording(SERVED, old=old, new=new)]


def _more(row: ConformityRow, wording: Wording) -> list[str]:
    old, new = (f"{m2:.0f}" for m2 in row.measured or (0.0, 0.0))
    counts = {grade: f"{before} → {after}" for grade, (before, after) in (row.places or {}).items()}
    has_more = any(after != before for before, after in (row.places or {}).values())
    return [wording(GROUND, old=old, new=new), *([wording(PLACES, **counts)] if has_more else [])]


def _dates(row: ConformityRow, wording: Wording) -> list[str]:
    empty = wording(UNSTATED)
    return [wording(DATED, what=wording(DATES[name]), old=old or empty, new=new or empty) for name, old, new in row.dates]


def _others(row: ConformityRow, wording: Wording) -> list[str]:
    before: Camera | None = row.before
    return [in_words(change, before, wording) for change in row.changes]


_WORDS = {
    Difference.KEPT: _kept,
    Difference.MISSING: _missing,
    Difference.ADDED: _added,
    Difference.MOVED: _moved,
    Difference.WEAKER: _weaker,
    Difference.SEES_MORE: _more,
    Difference.DATES: _dates,
    Difference.OTHERWISE: _others,
}


def _figure(value: float, wording: Wording) -> str:
    """Return a figure with one decimal where it has one, with the decimal mark of the language."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", wording(".")) if "." in text else text

"""The chapter that heads a district's plan: how it stands to the city's, with the reason for each difference."""

from dataclasses import replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.districts.conformity import NAMES, Conformity, ConformityRow, Difference, row_in_words
from lhasaplan.report.chapters.draft_facts import DraftFacts, short_digest
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import long_date

CONFORMITY = marked("Conformity with the city's plan")
DERIVED = marked(
    "This plan was derived from the plan {city} on {date}. Cameras kept as in the city's plan: {kept}. Differences: {differ}, "
    "of these without a reason as yet: {open}."
)
VERSION = marked("This plan follows version {version} of the city's plan, kept on {date}.")
AS_IT_WAS = marked("This plan follows the city's plan as it stood on {date}. No version of it was named.")
DIGEST = marked("Digest of that plan: {digest}. The cover of the city's plan shows the same kind of digest.")
TOLERANCES = marked(
    "A camera counts as alike if it stands at most {moved} m away, looks at most {turned}° another way, and "
    "shows at most {unasked} m² more ground that no part asks for. A part counts as served as before if it loses "
    "at most {share} %. These figures are a policy of this program; no law sets them."
)
NEIGHBOURS = marked(
    "Cameras in this plan that stand outside the district: {cameras}. They show part of the district, or serve "
    "the same parts as its own cameras. They belong to the plans of their own districts; their work and costs "
    "are not counted here."
)
LEAVES = marked("This copy states only how often each difference occurs.")


def conformity_chapter(facts: DraftFacts) -> list[Block]:
    """Return the table of differences, or how many there are where positions are coarse; nothing of a plan that is a city's."""
    found, translations = facts.order.conformity, facts.translations
    if found is None:
        return []
    rules = found.rules
    tolerances = {
        "moved": short_number(rules.moved_m, translations),
        "turned": short_number(rules.turned_deg, translations),
        "unasked": short_number(rules.unasked_m2, translations),
        "share": short_number(100.0 * rules.share, translations),
    }
    outside = [result for result in facts.standing if not facts.is_own(result.area_names)]
    return [
        Heading(translations(CONFORMITY), 1, on_new_page=True),
        Paragraph(how_it_stands(facts, found), "lead"),
        *which_plan(facts, found),
        *_tables(facts, found),
        *([Paragraph(facts.translations(NEIGHBOURS, cameras=len(outside)))] if outside else []),
        Paragraph(translations(TOLERANCES, **tolerances), "small"),
    ]


def how_it_stands(facts: DraftFacts, found: Conformity) -> str:
    """Return in a sentence which plan is compared, how many cameras are kept, and how much differs."""
    return facts.translations(
        DERIVED,
        date=facts.filled(long_date(found.made_on, facts.translations.language)),
        city=found.city,
        kept=found.counts[Difference.KEPT],
        differ=sum(row.asks_reason for row in found.rows),
        open=found.unexplained,
    )


def which_plan(facts: DraftFacts, found: Conformity) -> list[Block]:
    """Return which plan of the city is compared, by name, day and digest; nothing where the district's journal does not say."""
    handed, translations = found.handed, facts.translations
    if handed is None or not handed.plan_date:
        return []
    date, digest = facts.filled(long_date(handed.plan_date, translations.language)), short_digest(handed.plan_sha256)
    named = translations(VERSION, version=handed.plan, date=date) if handed.plan else translations(AS_IT_WAS, date=date)
    return [Paragraph(words.running_text([named, translations(DIGEST, digest=digest) if digest else ""]))]


def _tables(facts: DraftFacts, found: Conformity) -> list[Block]:
    """Return the differences with their reasons and then what is kept, or the bare counts."""
    if _is_coarse(facts):
        return [Paragraph(facts.translations(LEAVES)), *differences(facts, found)]
    translations = facts.translations
    same = tuple((_name(facts, row), _in_words(row, translations)) for row in found.rows if not row.asks_reason)
    heads = translations(marked("Camera")), translations(marked("City's plan and this plan"))
    kept = [Grid(heads, same, (3, 3), translations(marked("Cameras that are kept")), anchor="kept")] if same else []
    return [*differences(facts, found), *kept]


def _is_coarse(facts: DraftFacts) -> bool:
    return facts.assessment.public_precision_deg is not None


def differences(facts: DraftFacts, found: Conformity) -> list[Grid]:
    """Return the table of differences with their reasons, none where nothing differs; of a coarse copy how many there are."""
    translations = facts.translations
    if _is_coarse(facts):
        counts = tuple((translations(NAMES[each]), str(count)) for each, count in found.counts.items())
        grid = Grid(
            (translations(marked("Difference")), translations(marked("Cameras and parts"))),
            counts,
            (3, 1),
            translations(marked("How often each difference occurs")),
            frozenset({1}),
            "conformity",
        )
        return [grid]
    headings = tuple(
        map(translations, (marked("Camera or part"), marked("Difference"), marked("City's plan and this plan"), marked("Reason")))
    )
    rows = tuple(
        (_name(facts, row), translations(NAMES[row.difference]), _in_words(row, translations), _reason(facts, row))
        for row in found.rows
        if row.asks_reason
    )
    caption = translations(marked("Differences from the city's plan, and why"))
    return [Grid(headings, rows, (1.9, 1.0, 3.0, 2.2), caption, anchor="conformity")] if rows else []


def _name(facts: DraftFacts, row: ConformityRow) -> str:
    """Return what a camera or part is called; one that is not in this project has the name of the city's record."""
    if row.is_part:
        return facts.called.parts.get(row.subject, row.subject)
    if row.subject in facts.called.cameras:
        return facts.called.title(row.subject)
    camera = row.before or row.after
    return (camera.name if camera is not None else "") or row.subject


def _in_words(row: ConformityRow, translations: Translations) -> str:
    """Return a difference in words, with its days as a letter writes them."""
    language = translations.language
    dates = tuple((name, long_date(old, language), long_date(new, language)) for name, old, new in row.dates)
    return row_in_words(replace(row, dates=dates), translations)


def _reason(facts: DraftFacts, row: ConformityRow) -> str:
    if row.reason is None:
        return facts.filled("")
    on = long_date(row.reason.on, facts.translations.language)
    return " · ".join(each for each in (row.reason.reason, row.reason.by, on) if each)

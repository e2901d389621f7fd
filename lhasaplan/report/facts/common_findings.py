"""What holds for many cameras, so that a report says it once, and what to do first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, Finding, rank
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.short_answer import gravest_possible
from lhasaplan.report.facts.summary import of_status
from lhasaplan.report.facts.tables import sorted_findings
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import some_names
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph

# What holds for many cameras, so that a report says it once: faults of the record, and questions to the controller.

VIEWS = frozenset(("view_home", "view_protected", "view_dwelling_likely", "view_unknown_use"))
# Findings whose sentence has no figure of its own camera; its ground stands in the line under its name.
PLAIN = frozenset(
    (
        *("direction_unknown", "optics_unknown", "fields_missing", "no_purpose", "retention_unknown"),
        *("sign_unknown", "sign_missing", "pan_tilt", "unasked_area"),
    )
)
FEWEST = 2

Same = tuple[str, str, str, str, tuple[str, ...]]  # severity, kind, pack, article, fields


@dataclass(frozen=True, slots=True)
class Common:
    """Findings and questions that several cameras share, each with its number in the report and how many share it."""

    findings: tuple[tuple[Same, int], ...]
    questions: tuple[tuple[str, int], ...]

    def rows_of(self, findings: Iterable[Finding]) -> list[int]:
        """Return the numbers of the rows that hold for these findings of a camera."""
        mine = {same_of(finding) for finding in findings}
        return [number for number, (same, _) in enumerate(self.findings, 1) if same in mine]

    def holds(self, finding: Finding) -> bool:
        """Say whether the finding stands in the table of many cameras."""
        return same_of(finding) in {same for same, _ in self.findings}

    def questions_of(self, result: CameraResult) -> list[int]:
        """Return the numbers of the questions to be asked about a camera."""
        return [number for number, (field, _) in enumerate(self.questions, 1) if field in result.questions]


def same_of(finding: Finding) -> Same:
    """Return what two findings must share to be reported in one line."""
    return str(finding.severity), finding.kind, finding.pack, finding.article, finding.fields


def common_ground(assessment: Assessment) -> Common:
    """Return what at least two cameras share, the gravest and most frequent first."""
    counts: Counter[Same] = Counter()
    for finding in assessment.findings:
        if finding.kind in PLAIN:
            counts[same_of(finding)] += max(len(finding.camera_ids), 1)
    shared = [(same, count) for same, count in counts.items() if count >= FEWEST]
    asked = Counter(field for result in assessment.cameras for field in result.questions)
    order = list(dict.fromkeys(field for result in assessment.cameras for field in result.questions))
    findings = sorted(shared, key=lambda pair: (-rank(pair[0][0]), -pair[1], pair[0]))
    return Common(tuple(findings), tuple((field, asked[field]) for field in sorted(order, key=lambda f: -asked[f])))


def common_chapter(common: Common, translations: Translations) -> list[Block]:
    """Return the two tables that the sections of the cameras refer to by number."""
    blocks: list[Block] = []
    if common.findings:
        blocks += [Heading(translations(marked("Findings shared by many cameras")), 2), _findings_grid(common, translations)]
    if common.questions:
        text = marked("No view can be certain before the controller answers. The sections below name these questions by number.")
        blocks += [
            Heading(translations(marked("Questions to the controller")), 2),
            Paragraph(translations(text)),
            _asked(common, translations),
        ]
    return blocks


def _findings_grid(common: Common, translations: Translations) -> Grid:
    headings = (
        translations(marked("No.")),
        translations(marked("Finding")),
        translations(marked("Cameras")),
        translations(marked("Severity")),
        translations(marked("Rests on")),
    )
    rows = tuple(
        (
            str(number),
            _sentence(kind, fields, translations),
            str(count),
            words.word(words.SEVERITIES, severity, translations),
            words.article_text(pack, article, translations),
        )
        for number, ((severity, kind, pack, article, fields), count) in enumerate(common.findings, 1)
    )
    return Grid(headings, rows, (0.6, 4.4, 1.2, 1.2, 3), numeric=frozenset({0, 2}))


def _sentence(kind: str, fields: Sequence[str], translations: Translations) -> str:
    name = words.word(words.FINDING_KINDS, kind, translations)
    if not fields:
        return name
    return translations(marked("{finding}: {fields}"), finding=name, fields=words.listed(words.FIELDS, fields, translations))


def _asked(common: Common, translations: Translations) -> Grid:
    headings = (translations(marked("No.")), translations(marked("Question")), translations(marked("Cameras")))
    rows = tuple(
        (str(number), words.question_text(field, translations), str(count))
        for number, (field, count) in enumerate(common.questions, 1)
    )
    return Grid(headings, rows, (0.6, 8.6, 1.2), numeric=frozenset({0, 2}))


def numbers_text(numbers: Sequence[int]) -> str:
    """Return numbers in rising order as ``1–3, 5``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


# What to do first: few steps in the order of their weight, each with how many cameras it is about and which come first.

FIRST = 3  # views that are named with what ends them


def first_steps(assessment: Assessment, called: Called, translations: Translations) -> tuple[str, ...]:
    """Return the steps of what operates today; none where nothing was found."""
    steps = [
        *_to_end(assessment, called, translations),
        *_record(assessment, called, translations),
        *_to_ask(assessment, called, translations),
        *_purposes(assessment, called, translations),
    ]
    return tuple(steps)


def _to_end(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    """Return each of the gravest views with what ends it, and how many there are."""
    grave = [f for f in sorted_findings(assessment) if f.severity in GRAVE and f.kind in VIEWS]
    text = marked("Camera {camera}: end its {what}. {mitigation} ({article})")
    items = [
        translations(
            text,
            camera=called.title(one.camera_id),
            what=words.word(words.FINDING_KINDS, one.kind, translations),
            mitigation=words.mitigation_text(one.mitigation, translations) or "–",
            article=words.article_text(one.pack, one.article, translations),
        )
        for one in grave[:FIRST]
    ]
    if len(grave) > FIRST:
        more = marked("{count} further views are to be ended in the same way: cameras {cameras}.")
        others = list(dict.fromkeys(one.camera_id for one in grave[FIRST:]))
        items.append(translations(more, count=len(grave) - FIRST, cameras=called.some(others)))
    return items


def _record(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    """Return what else is due or severe, kind by kind."""
    kinds: dict[str, list[str]] = {}
    for one in sorted_findings(assessment):
        if one.severity in GRAVE and one.kind not in VIEWS:
            kinds.setdefault(one.kind, []).extend(one.camera_ids)
    text = marked("To correct: {what} (cameras {cameras}).")
    return [
        translations(
            text, what=words.word(words.FINDING_KINDS, kind, translations), cameras=called.some(list(dict.fromkeys(ids)))
        )
        for kind, ids in kinds.items()
        if ids
    ]


def _to_ask(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    operating = of_status(assessment, Status.OPERATING)
    unknown = [result for result in operating if not result.placed.certain]
    if not unknown:
        return []
    text = marked(
        "Ask the controllers for direction and lens of {count} of {cameras} cameras. Letters and a questionnaire "
        "are among these drafts."
    )
    first = list(dict.fromkeys(one.camera_id for one in gravest_possible(assessment)))
    begin = marked("Begin with cameras {cameras}: their views may be the sharpest.")
    sentences = [translations(text, count=len(unknown), cameras=len(operating))]
    sentences += [translations(begin, cameras=called.some(first))] if first else []
    return [words.running_text(sentences)]


def _purposes(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    ids = list(dict.fromkeys(name for f in assessment.findings if f.kind == "no_purpose" for name in f.camera_ids))
    text = marked("Ask for a purpose and an end date for cameras {cameras}, or have them taken down.")
    everywhere = marked("No purpose is on record. Ask for a purpose and an end date for every camera, or have it taken down.")
    if not ids:
        return []
    if len(ids) == len(of_status(assessment, Status.OPERATING)):
        return [translations(everywhere)]
    return [translations(text, cameras=some_names(map(called.number, ids), translations))]

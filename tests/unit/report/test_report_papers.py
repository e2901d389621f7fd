"""Papers for people: a page a camera, a page for a council, a letter; plain words, right figures, no place named."""

import re
import subprocess
from collections import Counter
from dataclasses import replace

import docx
import pytest
from amounts import some_by_day
from report_factory import EVIL, Y, a_check, a_part, a_project, an_assessment, certain_camera, possible_camera
from test_report_pdf import read_back

from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.results.assessment import Necessity, PackUse
from lhasaplan.core.results.finding import Certainty, Finding, Severity, SharpestSurface
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.chapters.motions import council_motions
from lhasaplan.report.chapters.option_figures import OptionRow, marked_option
from lhasaplan.report.documents import council_summary
from lhasaplan.report.documents.audit_and_plan import compose_audit
from lhasaplan.report.documents.camera_pages import ACCESS, ASK_UNKNOWN, ASK_UNKNOWN_NO_DUTY, compose_camera_pages
from lhasaplan.report.documents.council_summary import compose_summary
from lhasaplan.report.documents.letter import ALWAYS, compose_letters
from lhasaplan.report.formats.papers import MAPS_CM, one_page_summary, write_letter, write_pages, write_summary
from lhasaplan.report.formats.pdf import pages_of
from lhasaplan.report.maps.figures import council_map
from lhasaplan.report.redaction import public_values
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Bullets, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.finding_words import class_words
from lhasaplan.report.text.numerals import DECIMAL_MARK, density_text, number_text
from lhasaplan.report.text.style import rights_of

DAYS = {"days": 7.0, "limit_days": 3.0, "camera": "cam-1"}
EVERYTHING = (
    *("azimuth_deg", "tilt_deg", "hfov_deg", "vfov_deg", "lens_class", "image_width_px", "image_height_px", "mount_height_m"),
    *("range_m", "kind", "mount", "mask", "sweep", "purpose", "retention_days", "sign", "owner", "installed_on"),
)


def compose_letter(project, assessment, translations):
    """Return the letter to the controller of all cameras of an assessment, as one owner's."""
    cameras = tuple(owned(result, "Works Department") for result in assessment.cameras)
    first, *_ = compose_letters(project, replace(assessment, cameras=cameras), translations)
    return first.draft


def owned(result, owner):
    return replace(result, placed=replace(result.placed, camera=replace(result.placed.camera, owner=owner)))


def test_that_each_camera_has_one_sheet_even_with_every_question_asked():
    cameras = (certain_camera(), *(replace(possible_camera(f"node/{n}"), questions=EVERYTHING) for n in range(3)))
    note = (NOTES["beyond_law"], {"count": 4, "pack": "eu-gdpr"})
    for language in ("en", "zh_CN", "fr", "de"):
        words = load_translations(language)
        draft = compose_camera_pages(a_project(), an_assessment(cameras=cameras, synthetic=True, notes=(note,)), words)
        assert pages_of(draft, words) == 8  # a sheet each: the map in front, figures and rules on its back


def test_that_a_page_says_what_is_certain_and_what_is_possible():
    text = compose_camera_pages(a_project(), an_assessment(), Translations()).text()
    assert "This camera can see 800 m² of ground; no purpose is stated for 300 m² of it." in text
    assert (
        "It can see homes (2 in view): frontage of the ground floor at 80 px/m, 25–50 m away to the east (12.3 m of frontage "
        "at 62.5 px/m or more). Grade: due. No mask known."
    ) in text
    assert "It may be able to see homes (up to 3 in view): 30–180 px/m. Grade: note" in text
    assert "If they were recorded: note – severe" in text
    assert " sees " not in text
    assert "Can see | Surface | Height | Count | Length (m) | Sharpest (px/m) | Nearest (m)" in text
    assert "homes | frontage | ground_floor | 2 | 10.0 | 80.5 | 38.0" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_one_sentence_says_why_the_summed_ground_is_more_than_the_ground_counted_once(language):
    """Two cameras share 250 m2 of their 650 m2 each: 1300 m2 summed, 1050 m2 counted once."""
    twins = (replace(certain_camera(), unasked_m2=650.0),) * 2
    check = replace(a_check(), cameras=twins)
    check = replace(check, totals={**check.totals, "area_seen_certain_m2": 1350.0, "unasked_certain_m2": 1050.0})
    words = load_translations(language)
    said = [block.text for block in compose_summary(a_project(), check, words).blocks if isinstance(block, Paragraph)]
    numbers = [number_text(value, words) for value in (1300.0, 1050.0)]
    assert any(all(f"{number} m²" in text for number in numbers) for text in said)


def test_that_ground_that_no_two_cameras_share_is_said_once():
    check = replace(a_check(), cameras=(certain_camera(),))
    check = replace(check, totals={**check.totals, "unasked_certain_m2": 300.0})
    text = compose_summary(a_project(), check, Translations()).text()
    assert "Ground is added up camera by camera. “Up to” adds" in text
    assert "counts twice" not in text


def test_that_a_page_for_residents_says_where_complaints_go_once_a_mandate_states_it():
    asked = replace(a_project(), mandate=Mandate(complaint_route="Ombudsman, Hill Street 1"))
    for project, count in ((asked, 1), (replace(asked, mandate=None), 0)):
        page = compose_camera_pages(project, an_assessment(), Translations(), DraftOrder(cameras=("cam-1",)))
        assert sum(block == Paragraph("Complaints go to: Ombudsman, Hill Street 1.", "lead") for block in page.blocks) == count


def with_garden(px_m):
    """Return the certain camera with homes at 36 px/m on their walls and, where asked, open ground that is shown more sharply."""
    wall = SharpestSurface("ground_floor", (36.0, 36.0), 4.7, 25.0, (50.0, 100.0), "w")
    garden = SharpestSurface("ground", (px_m, px_m), 0.0, 125.0, (10.0, 25.0), "n")
    camera = certain_camera()
    (view,) = camera.sightings
    shown = replace(view, grade=Severity.ERROR, density_px_m=(px_m, px_m), sharpest=(garden, wall))
    note = replace(view, grade=Severity.NOTE, density_px_m=(36.0, 36.0), sharpest=(wall,))
    return replace(camera, sightings=(shown if px_m else note,))


def test_that_sharpness_is_told_of_the_surface_that_has_it():
    garden, wall = (
        compose_camera_pages(a_project(), an_assessment(cameras=(with_garden(px),)), Translations()).text() for px in (191, 0)
    )
    assert "At 191 px/m the picture is so sharp that acquaintances can recognise people on the open ground of" in garden
    assert "recognise people at the doors" not in garden
    assert "People can be seen at the doors or windows of homes at 36 px/m, but they can hardly be told apart." in wall


def test_that_a_page_of_a_camera_without_protected_views_says_nothing_of_sharpness():
    quiet = an_assessment(cameras=(replace(certain_camera(), sightings=()),))
    text = compose_camera_pages(a_project(), quiet, Translations(), DraftOrder(cameras=("cam-1",))).text()
    assert "No home or other protected place is known to be in its view." in text
    assert "be masked" not in text.split("Figures and rules")[0]


def test_that_the_answer_counts_recorded_directions_and_lenses_apart():
    lens_missing = possible_camera()
    placed = replace(lens_missing.placed, assumed=("hfov_deg",))
    cameras = (replace(lens_missing, placed=placed), possible_camera("node/43"))
    text = compose_audit(a_project(), an_assessment(cameras=cameras), Translations()).text()
    assert "2 cameras are in operation. The direction of 1 and the lens of 0 are on record. No record is complete enough" in text
    none = compose_audit(a_project(), an_assessment(cameras=(possible_camera(),)), Translations()).text()
    assert "Neither direction nor lens is on record for any of them." in none


def test_that_a_letter_names_a_camera_whose_record_is_due_though_it_has_no_view():
    quiet = replace(owned(certain_camera(), "Works"), sightings=())
    due = Finding(
        "f9",
        "retention_reason",
        Severity.DUE,
        Certainty.CERTAIN,
        "eu-gdpr",
        "EDPB 120-122",
        "cam-1",
        7.0,
        3.0,
        "days",
        None,
        None,
        DAYS,
    )
    reported = compose_letters(a_project(), an_assessment(cameras=(quiet,), findings=(due,)), Translations())
    assert "for 7 days; more than 3 days need reasons." in reported[0].draft.text()
    assert "can see, or may be able to see" not in reported[0].draft.text()
    none = compose_letters(a_project(), an_assessment(cameras=(quiet,), findings=()), Translations())
    assert [each.about for each in none] == ["access"]


def masked(assessment):
    """Return the assessment with masks on record for cam-1, as its findings say."""
    findings = [replace(f, params={**f.params, "variant": "masked"}) if f.finding_id == "f1" else f for f in assessment.findings]
    return replace(assessment, findings=tuple(findings))


@pytest.mark.parametrize("precision", [None, 0.01])
def test_that_a_camera_with_masks_on_record_is_not_said_to_have_none(precision):
    _, shown = public_values(a_project(), masked(an_assessment(public_precision_deg=precision)))
    text = compose_camera_pages(a_project(), shown, Translations()).text()
    assert "px/m or more). Grade: due. With the masks on record." in text
    assert text.count("No mask known.") == 2  # the views of the other camera


def test_that_a_coarse_summary_counts_the_cameras_without_a_purpose_as_the_findings_do():
    """Owner and purpose are gone from a coarse output: that is no gap of the record."""
    exact, coarse = an_assessment(), public_values(a_project(), an_assessment(public_precision_deg=0.01))[1]
    lines = [[motion.text for motion in council_motions(each, Translations())] for each in (exact, coarse)]
    assert [line for line in lines[0] if "purpose" in line] == [line for line in lines[1] if "purpose" in line]
    assert any("Cameras without a purpose: 1." in line for line in lines[1])


def test_that_a_page_names_the_rule_by_its_term():
    terms = {"article:eu-gdpr:Art. 5(1)(c)": {"en": "data minimisation", "fr": "minimisation"}}
    text = compose_camera_pages(a_project(), an_assessment(terms=terms), Translations()).text()
    assert "Art. 5(1)(c) (eu-gdpr): data minimisation" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_table_of_surfaces_tells_a_possible_view_from_a_certain_one(language):
    """Homes are in view for certain at 80.5 px/m; by the sharpest lens that is assumed the same walls may have 180 px/m."""
    camera, translations = certain_camera(), load_translations(language)
    (view,) = camera.sightings
    wall = replace(view.surfaces[0], density_px_m=(30.0, 180.0))
    possible = replace(view, basis="assumed", density_px_m=(30.0, 180.0), surfaces=(wall,), grade=Severity.NOTE)
    both = an_assessment(cameras=(replace(camera, sightings=(replace(view, surfaces=view.surfaces[:1]), possible)),))
    draft = compose_camera_pages(a_project(), both, translations, DraftOrder(cameras=("cam-1",)))
    (rows,) = [block.rows for block in draft.blocks if isinstance(block, Grid) and len(block.headings) == 7]
    assert [row[0] for row in rows] == [class_words(each, translations) for each in both.cameras[0].sightings]
    assert rows[0][0] != rows[1][0]
    mark = translations(DECIMAL_MARK)
    assert (rows[0][3:7], rows[1][3:7]) == (
        ("2", f"10{mark}0", f"80{mark}5", f"38{mark}0"),
        ("≤ 2", f"≤ 10{mark}0", density_text(30.0, 180.0, translations), f"≥ 38{mark}0"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_sign_is_said_to_name_who_runs_a_camera_only_where_a_pack_has_that_law(language):
    translations, lead = load_translations(language), []
    for name in ("eu-gdpr", "uk-sccop", "cn-limits", "no-law"):
        assessment = an_assessment(packs=(PackUse(name, changed=False, sha256="ab" * 32),))
        page = compose_camera_pages(a_project(), assessment, translations, DraftOrder(cameras=("node/42",)))
        lead.append(" ".join(block.text for block in page.blocks if isinstance(block, Paragraph) and block.style == "lead"))
    by_law, without = translations(ASK_UNKNOWN), translations(ASK_UNKNOWN_NO_DUTY)
    assert [by_law in text for text in lead] == [True, True, False, False]
    assert [without in text for text in lead] == [False, False, True, True]


def test_that_only_the_cameras_named_have_a_page_in_their_order():
    draft = compose_camera_pages(a_project(), an_assessment(), Translations(), DraftOrder(cameras=("node/42", "cam-1")))
    headings = [b.text for b in draft.blocks if getattr(b, "level", 0) == 1]
    assert headings == ["2 · Camera", f"1 · {EVIL}"]


def test_that_every_unknown_camera_is_told():
    with pytest.raises(InputError) as caught:
        compose_camera_pages(a_project(), an_assessment(), Translations(), DraftOrder(cameras=("x", "cam-1", "y")))
    assert [fault.params["camera"] for fault in caught.value.faults] == ["x", "y"]


def test_that_the_summary_is_one_page_with_the_figures_of_the_audit(tmp_path):
    # One certain view is due; two are possible, none at the wide end and both at the narrow end due or severe.
    draft = compose_summary(a_project(), a_check(synthetic=True), Translations())
    assert pages_of(draft, Translations()) == 1
    text = draft.text()
    assert draft.title == "1 of 2 cameras can see homes or other protected places too sharply"
    (figures,) = (block for block in draft.blocks if isinstance(block, Grid) and block.is_large)
    # One certain view is due, two possible ones may be; 1 150 of 1 550 m2 of certain ground serve no part.
    assert figures.rows[0][:2] == ("1 (up to 3)", "1 150 of 1 550 m²")
    assert "Are these ended first? Remedies: mask permanently (1)." in text
    assert "No camera (marked) | 0 | " in text  # today serves none of the parts, and so does nothing at all
    assert "“No camera” is always one of the options." in text
    path, _ = write_summary(a_project(), a_check(synthetic=True), tmp_path, Translations())
    assert "FICTITIOUS / SYNTHETIC DATA" in read_back(path)[0]


def test_that_a_letter_has_the_facts_the_mitigations_and_the_questions():
    draft = compose_letter(a_project(), an_assessment(), Translations())
    facts = next(block for block in draft.blocks if isinstance(block, Grid))
    assert (
        f"1 · {EVIL} (cam-1)",
        "60.17100,\N{NO-BREAK SPACE}24.92830",
        "homes",
        "due",
        "–",
        "frontage of the ground floor at 80 px/m, 25–50 m away to the east (12.3 m of frontage at 62.5 px/m or more)",
        "Art. 5(1)(c) (eu-gdpr)",
    ) in facts.rows
    text = draft.text()
    assert "Mask the sectors 80° - 95° permanently" in text
    assert all(question in text for question in ALWAYS)


def test_that_each_owner_has_a_letter_of_their_own_and_none_goes_to_an_unknown_one():
    cameras = (owned(certain_camera(), "Works"), owned(possible_camera("node/43"), "Trams"), owned(possible_camera(), ""))
    letters = compose_letters(a_project(), an_assessment(cameras=cameras), Translations())
    assert [(each.about, each.to) for each in letters] == [("controller", "Trams"), ("controller", "Works"), ("access", "")]
    trams, works, access = (each.draft.text() for each in letters)
    assert "To: Works" in works
    assert "node/43" in trams
    assert not any(other in works for other in ("node/43", "node/42", "Trams"))
    assert not any(other in trams for other in ("cam-1", "node/42", "Works"))
    assert "node/42" not in access


def test_that_a_letter_says_until_when_an_answer_is_asked_for():
    dated = compose_letters(a_project(), an_assessment(), Translations(), DraftOrder(date="2026-11-27"))[0].draft.text()
    assert "Date: 27 November 2026" in dated
    assert "Please answer by 27 December 2026, in writing." in dated
    open_ = compose_letters(a_project(), an_assessment(), Translations())[0].draft.text()
    assert "Date: [date]" in open_
    assert "Please answer within one month, in writing." in open_


def test_that_a_resident_asks_for_access_to_what_one_camera_holds():
    *_, access = compose_letters(a_project(), an_assessment(), Translations(), DraftOrder(cameras=("cam-1",)))
    text = access.draft.text()
    assert "Camera 1 · " in text
    assert "To: Works Department" in text
    assert all(each in text for each in ACCESS)
    # The rights are cited by the packs of the project (reports/templates/citations.toml), and by no article where none is known.
    assert "Under Article 15(1) GDPR I ask you" in text
    assert all(
        each in text for each in ("(Article 12(3) GDPR)", "(Article 12(5) GDPR)", "(Article 12(6) GDPR)", "(Article 77(1) GDPR)")
    )
    assert rights_of(["municipal-safety", "uk-sccop"], "en")["complaint"] == "Article 77(1) UK GDPR"
    assert rights_of(["municipal-safety", "cn-limits"], "en") == {}


def test_that_a_letter_has_a_paragraph_and_a_map_for_each_camera_with_a_finding_that_must_end():
    draft = compose_letter(a_project(), an_assessment(), Translations())
    asked = [n for n, block in enumerate(draft.blocks) if isinstance(block, Heading) and block.level == 3]
    assert [draft.blocks[n].text.split(" · ")[0] for n in asked] == ["1"]  # the other camera's view is only possible
    paragraph, crop = draft.blocks[asked[0] + 1 : asked[0] + 3]
    assert isinstance(paragraph, Paragraph)
    assert isinstance(crop, Figure)
    assert Paragraph("Dear Sir or Madam,") in draft.blocks


def test_that_a_responsible_body_is_asked_about_its_own_parts_alone():
    mine, other = a_part(), a_part()
    mine = replace(mine, part=replace(mine.part, responsible="road authority"))
    other = replace(other, part=replace(other.part, part_id="p9", name="Quay", responsible="port"))
    letters = compose_letters(a_project(), a_check(parts=(mine, other)), Translations())
    port, road = (each.draft.text() for each in letters if each.about == "body")
    assert "Quay" in port
    assert "Quay" not in road
    assert "safety of the bridge | falls" in road


def test_that_a_letter_reads_the_same_in_word_and_pdf(tmp_path):
    both = tuple(owned(result, "Works") for result in an_assessment().cameras)
    word, pdf, *_ = write_letter(a_project(), an_assessment(cameras=both), tmp_path, Translations())
    assert (word.name, pdf.name) == ("letter-01-works.docx", "letter-01-works.pdf")
    cells = {c.text.replace("\u200b", "") for t in docx.Document(str(word)).tables for row in t.rows for c in row.cells}
    printed = " ".join("".join(read_back(pdf)).split())
    for figure in ("30–180", "80", "60.17100,", "severe"):
        assert any(figure in cell for cell in cells)
        assert figure in printed


def test_that_no_paper_names_a_protected_place_or_its_kind():
    # The project's second building is a church, the first holds flats.
    for compose in (compose_camera_pages, compose_summary, compose_letter):
        text = compose(a_project(), an_assessment(), Translations()).text().lower()
        assert not any(word in text for word in ("church", "apartment", "way/1", "way/2"))


def test_that_coarse_papers_tell_no_exact_place_owner_or_name(tmp_path):
    project, coarse = public_values(a_project(), an_assessment(public_precision_deg=0.01))
    letters = [each.draft for each in compose_letters(project, coarse, Translations())]
    assert len(letters) == 1  # the owners are gone
    for draft in (
        compose_camera_pages(project, coarse, Translations()),
        compose_summary(project, coarse, Translations()),
        *letters,
    ):
        text = draft.text()
        assert not any(secret in text for secret in ("24.928", "60.171", "node/42", "Works Department", EVIL, "80° - 95°"))
    files = write_pages(project, coarse, tmp_path, Translations(), DraftOrder(cameras=("camera-0001",)))
    assert len(read_back(files[0])) == 2
    assert subprocess.run(["grep", "-c", "node/42", str(files[0])], capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("language", ["zh_CN", "fr", "de"])
def test_that_papers_speak_the_language(language):
    import tomllib

    from sources import ROOT

    folder = ROOT / "reports" / "translations" / language
    catalogue = {k: v for path in folder.glob("*.toml") for k, v in tomllib.loads(path.read_text("utf-8")).items()}
    text = compose_letter(a_project(), an_assessment(), Translations(language, catalogue)).text()
    text += compose_summary(a_project(), an_assessment(), Translations(language, catalogue)).text()
    text += compose_camera_pages(a_project(), an_assessment(), Translations(language, catalogue)).text()
    for english in (" can see ", "We ask", "Camera ", "homes", "No camera", "What "):
        assert english not in text


def test_that_the_back_of_a_page_has_the_request_for_access_where_it_has_room():
    light, heavy = certain_camera(), replace(possible_camera(), questions=EVERYTHING * 3)
    for camera, has_room in ((light, True), (heavy, False)):
        blocks = compose_camera_pages(a_project(), an_assessment(cameras=(camera,)), Translations()).blocks
        assert any(isinstance(block, Bullets) and block.items == ACCESS for block in blocks) is has_room
        assert any(isinstance(block, Paragraph) and "within one month" in block.text for block in blocks) is has_room


def test_that_a_note_names_a_pack_by_its_title_where_the_terms_are_at_hand():
    note = (NOTES["beyond_law"], {"count": 2, "pack": "eu-gdpr"})
    terms = {"pack:eu-gdpr": {"en": "European Union", "de": "Europäische Union"}}
    assert "the rule pack “European Union”. There" in words.said(note, Translations(), terms)
    assert "„Europäische Union“" in words.said(note, load_translations("de"), terms)
    assert "eu-gdpr" in words.said(note, Translations())


def test_that_each_paper_that_cites_a_pack_beyond_its_territory_says_that_it_is_no_law_there():
    note = (NOTES["beyond_law"], {"count": 2, "pack": "eu-gdpr"})
    said = "2 cameras stand outside the territory of the rule pack eu-gdpr. There its articles are a yardstick, not the law."
    inside, beyond = an_assessment(), an_assessment(notes=(note,))
    for compose in (compose_audit, compose_camera_pages, compose_summary, compose_letter):
        style = "small" if compose in {compose_camera_pages, compose_summary} else "warning"
        assert Paragraph(said, style) in compose(a_project(), beyond, Translations()).blocks
        assert "yardstick" not in compose(a_project(), inside, Translations()).text()


def test_that_a_letter_says_what_the_articles_of_its_table_mean():
    terms = {"article:eu-gdpr:Art. 5(1)(c)": {"en": "data minimisation"}, "article:eu-gdpr:Art. 13": {"en": "information"}}
    text = compose_letter(a_project(), an_assessment(terms=terms), Translations()).text()
    assert "The rules behind the table, in short:\nArt. 5(1)(c) (eu-gdpr): data minimisation\n" in text
    assert "information" not in text.split("in short:")[1].split("\n")[1]
    assert "in short:" not in compose_letter(a_project(), an_assessment(), Translations()).text()


def test_that_the_signature_of_a_letter_stands_neither_alone_nor_last(tmp_path):
    word, *_ = write_letter(a_project(), an_assessment(), tmp_path, Translations())
    before, closing, signature, after = docx.Document(str(word)).paragraphs[-4:]
    assert closing.text == "Yours faithfully"
    assert closing.style.paragraph_format.keep_with_next
    assert before.text.startswith("Please answer within one month")
    assert signature.text == "[signature]"
    assert before.style.paragraph_format.keep_with_next
    assert signature.style.paragraph_format.keep_with_next
    assert after.text.startswith("Computed from map data")


@pytest.mark.parametrize("language", some_by_day(("en", "zh_CN", "fr", "de"), {"de", "zh_CN"}))
def test_that_the_summary_stays_one_page_with_the_tallest_map_and_every_decision(language):
    near = certain_camera()
    far = replace(near, placed=replace(near.placed, camera=replace(near.placed.camera, camera_id="far", y_m=Y + 2000.0)))
    cameras = (replace(near, removable=True), replace(far, necessity=Necessity(milder_camera="cam-1", lost_without=())))
    note = (NOTES["beyond_law"], {"count": 2, "pack": "eu-gdpr"})
    assessment = an_assessment(cameras=(*cameras, possible_camera()), synthetic=True, notes=(note,))
    words = load_translations(language)
    draft = one_page_summary(a_project(), assessment, words)
    assert len(council_motions(assessment, words)) >= 6
    assert pages_of(draft, words) == 1
    assert sum(isinstance(block, Figure) for block in draft.blocks) == 1


def test_that_the_map_of_the_summary_is_drawn_once_and_no_taller_one_leaves_a_single_page(monkeypatch):
    drawn = []

    def watched(*words):
        drawn.append(words[-1].height_cm)
        return council_map(*words)

    monkeypatch.setattr(council_summary, "council_map", watched)
    check, english = a_check(synthetic=True), Translations()
    draft = one_page_summary(a_project(), check, english)
    assert len(drawn) == 1
    assert pages_of(draft, english) == 1
    taller = [each for each in MAPS_CM if each > drawn[0]]
    assert not any(pages_of(compose_summary(a_project(), check, english, map_cm=each), english) == 1 for each in taller)


def test_that_the_marked_option_serves_what_today_serves_and_shows_the_least():
    # Today serves 2 parts and shows 4 places too sharply; fewer serves as much and shows 1; changed serves more and shows 1.
    def row(key, met, places, unasked_m2=100.0, cameras=5):
        return OptionRow(key, cameras, Counter({Verdict.MET: met}), unasked_m2, places, None)

    none, today = row("none", 0, 0, 0.0, 0), row("today", 2, 4)
    fewer, changed = row("fewer", 2, 1), row("changed", 3, 1, 900.0)
    assert marked_option((none, fewer, today, changed)) is changed
    assert marked_option((none, fewer, today, row("changed", 2, 1, 90.0))).key == "changed"
    assert marked_option((none, today, row("changed", 2, 4, 100.4, 4))).key == "changed"
    assert marked_option((none, row("today", 0, 0, 0.0, 0))) is none


def test_that_a_page_names_the_camera_that_serves_the_same_by_its_number_and_name_and_says_the_same_once():
    near = certain_camera()
    far = replace(near, placed=replace(near.placed, camera=replace(near.placed.camera, camera_id="far", name="Quay")))
    told = replace(far, necessity=Necessity(milder_camera="cam-1", lost_without=()))
    twice = [replace(a_finding, camera_id="far", kind="overlap") for a_finding in an_assessment().findings[:1] for _ in range(3)]
    assessment = an_assessment(cameras=(near, told), findings=tuple(twice))
    draft = compose_camera_pages(a_project(), assessment, Translations(), DraftOrder(cameras=("far",)))
    assert "Camera cam-1 alone serves" not in draft.text()
    assert re.search(r"Camera 1 · .* alone serves the same parts", draft.text())
    [rules] = [block for block in draft.blocks if isinstance(block, Grid) and block.headings[0] == "Finding"]
    assert len(rules.rows) == 1


def test_that_a_demand_names_its_basis_in_a_sentence_of_its_own():
    [letter, *_] = compose_letters(a_project(), an_assessment(), Translations())
    [asked, *_] = [block.text for block in letter.draft.blocks if isinstance(block, Paragraph) and " Basis: " in block.text]
    assert asked.endswith(".")
    assert "))" not in asked

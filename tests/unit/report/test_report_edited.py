"""What an editor of a planning office would strike out, as rules that a machine can keep: in catalogues and in drafts."""

import re
from dataclasses import replace

import pytest
import samples
from amounts import some_by_day

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.documents.camera_pages import RECORD_ID, compose_camera_pages
from lhasaplan.report.documents.letter import compose_letters
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Bullets, Grid, Heading, Paragraph

CHINESE = r"[\u3400-\u9fff]"
FOR_QT = re.compile(r"\(&|\(\*")  # keys of menus and kinds of files keep their half-width brackets
MANY = {
    "en": "cameras|parts|views|purposes|places|days|findings|changes|points|questions|rows",
    "fr": "caméras|parties|vues|finalités|lieux|jours|constats|changements|questions|lignes",
    "de": "Kameras|Teile|Blicke|Zwecke|Orte|Tage|Feststellungen|Änderungen|Fragen|Zeilen",
}
DATA, LAYERS = content_folder("data"), content_folder("layers")
FEW = 8  # cameras of Helsinki: its 221 say the same


def said(language):
    return {text for key, text in load_translations(language).catalogue.items() if not key.startswith("{") or "=1: " not in key}


def test_that_no_half_width_mark_stands_beside_a_chinese_sign():
    beside = re.compile(rf"{CHINESE}[,;:?!()]|[,;?!()]{CHINESE}")
    assert [text for text in said("zh_CN") if beside.search(text) and not FOR_QT.search(text) and "://" not in text] == []


@pytest.mark.parametrize("path", sorted((*DATA.rglob("*.toml"), *LAYERS.rglob("*.toml"))), ids=lambda path: path.name)
def test_that_words_of_data_keep_the_same_rule(path):
    beside = re.compile(rf"{CHINESE}[,;:?!()]|[,;?!()]{CHINESE}")
    said_there = re.findall(r'zh_CN = "([^"]*)"', path.read_text("utf-8"))
    assert [text for text in said_there if beside.search(text)] == []


def test_that_a_share_in_chinese_has_no_space_before_its_sign():
    assert [text for text in said("zh_CN") if "} %" in text] == []


def test_that_high_marks_in_french_have_their_space():
    high = re.compile(r"(?<!file)(?<!camera)(?<!geom)(?<!scheme})(?<!postgresql)[;:?!](?<=[a-zéèàêçù)}»].)(?:\s|$)")
    texts = {text for text in said("fr") if "\n" not in text and "--" not in text}  # examples of the command line
    assert [text for text in texts if high.search(text)] == []
    assert high.search("en service; prévue")


def test_that_french_and_german_have_one_word_for_one_thing():
    for text in said("fr"):
        assert not re.search(r"\bpeu(?:t|vent) partir\b|paquets? de règles|\bdesserv|aucune partie ne perdrait rien", text), text
    for text in said("de"):
        assert not re.search(r"fällig oder (?:ein )?Fehler", text), text


@pytest.fixture(scope="module")
def towns():
    services = open_services()
    town = samples.sample("hilltown")
    city = workflow.open_sample(services, services.content.read_sample("helsinki"))
    city = replace(city, cameras=city.cameras[:FEW])
    answers = samples.checked(), workflow.audit(services, city)
    return [workflow.shown(services, project, found) for project, found in zip((town, city), answers, strict=True)]


@pytest.fixture(scope="module")
def no_maps():
    with pytest.MonkeyPatch.context() as patch:
        rooms = (
            "chapters.camera_chapter",
            "chapters.audit_chapters",
            "documents.camera_pages",
            "chapters.layout",
            "chapters.annexes",
        )
        for module in rooms:
            for name in ("camera_map", "overview_map", "area_map", "part_map"):
                patch.setattr(f"lhasaplan.report.{module}.{name}", lambda *_, **__: None, raising=False)
        yield


def drafts_of(town, translations):
    project, assessment = town
    yield compose_audit(project, assessment, translations)
    yield compose_camera_pages(project, assessment, translations)
    yield from (letter.draft for letter in compose_letters(project, assessment, translations, DraftOrder()))
    if assessment.gate.open:
        yield compose_plan(project, assessment, translations, DraftOrder())


def prose(draft):
    """Give what is read aloud: headings, sentences and points; tables hold ids where a record is looked up."""
    for block in draft.blocks:
        if isinstance(block, (Paragraph, Heading)):
            yield block.text
        elif isinstance(block, Bullets):
            yield from block.items


@pytest.mark.parametrize("language", some_by_day(LANGUAGES, {"en", "fr"}))
def test_that_no_draft_of_a_sample_tells_one_as_many_or_names_what_has_a_name_by_its_id(towns, no_maps, language):
    translations = load_translations(language)
    rules = [re.compile(r"\b(?:node|way|relation)/\d+"), re.compile(r"\{\w+\}"), re.compile(r"(?<! )  (?! )")]
    if language in MANY:
        rules.append(re.compile(rf"(?<![\d.,–-])\b1 (?:{MANY[language]})\b"))
    texts = {text for town in towns for draft in drafts_of(town, translations) for text in prose(draft)}
    # What a resident names who asks: the one place where an id is the answer.
    looked_up, _ = translations(RECORD_ID, id="|").split("|")
    plain = {text: re.sub(r"\[.*?\]", "[]", text) for text in texts if not text.startswith(looked_up)}
    bad = [text for text, shown in plain.items() if any(rule.search(shown) for rule in rules)]
    assert not bad, "\n".join(bad)


def test_that_a_list_tells_names_with_commas_apart_and_a_sentence_ends_with_and():
    translations = load_translations("en")
    assert (
        words.series(["Level crossing, High Street", "High Street"], translations) == "Level crossing, High Street; High Street"
    )
    assert words.series(["1", "2"], translations) == "1, 2"
    assert words.together(["homes", "wards", "schools"], translations) == "homes, wards and schools"
    assert words.together(["homes"], load_translations("fr")) == "homes"


def test_that_the_plan_s_annexes_call_cameras_by_number_and_name(towns, no_maps):
    plan = compose_plan(*towns[0], load_translations("en"), DraftOrder())
    of_record = "id of the record"
    for grid in (block for block in plan.blocks if isinstance(block, Grid) and of_record not in block.caption):
        reported = [cell for row in grid.rows for cell in row if re.search(r"\bHT-\d\d\b", cell)]
        assert reported == [], grid.caption or grid.headings

"""Take out of an office's template what would run, fetch or open something else once the draft is opened, and name each.

A template comes from an office, and an office's templates come from anywhere. What it looks like is taken over: styles, pictures,
masters, text, and links that a reader clicks to a page of the web or an address of mail. All other links out of the file go, and
all parts that are programs or hold some: macros, controls, OLE objects, add-ins, merged letters, queries.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.text.template_fields import FIELD, without_running_fields

LINKED = marked("the link to {target} ({kind}) was not taken over from the template")
RUNNING = marked("{part} ({kind}) was not taken over from the template: such a part can run or fetch something")
SETTING = marked("{setting} was not taken over from the template: it can run or fetch something")
FORMULAS = marked("the formulas of a workbook in the template were not taken over, their values were: {count}")
TOO_LARGE = marked("this template would hold {size} MB when unpacked; use one of at most {most} MB")
MOST_BYTES = 300_000_000
MOST_TARGET = 200  # letters of an address that are told

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ID_SPACES = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_VML_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_CLICKED = ("http", "https", "mailto")
# What the types of relations end with whose parts run, fetch or hold what does.
_RUN = frozenset(
    (
        *("vbaproject", "wordvbadata", "vbaprojectsignature", "vbaprojectsignatureagile", "vbaprojectsignaturev3"),
        *("extensibility", "keymapcustomizations", "attachedtoolbars", "webextensiontaskpanes", "webextension"),
        *("control", "activexcontrolbinary", "ctrlprop", "oleobject", "afchunk", "subdocument", "frame", "transform"),
        *("attachedtemplate", "mailmergesource", "mailmergeheadersource", "recipientdata"),
    )
)
# What the workbook of a chart consists of; queries, connections, links and all else in one are not taken over.
_OF_WORKBOOK = frozenset(
    (
        *("officedocument", "worksheet", "sharedstrings", "styles", "theme", "table"),
        *("core-properties", "extended-properties"),
    )
)
_PLAIN_TYPES: Mapping[str, str] = {
    "application/vnd.ms-word.document.macroEnabled.main+xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    ),
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    ),
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    ),
}
_RUN_TYPES = re.compile(
    r"vbaproject|vbadata|macro|activex|oleobject|keymap|attachedtoolbars|webextension|customui", re.IGNORECASE
)
_XML_TYPES = re.compile(r"[+/]xml$|vmlDrawing$", re.IGNORECASE)
_ACTIONS = re.compile(r"ppaction://(hlinkshowjump|hlinksldjump|noaction|customshow|media)\b")
_HOLDERS = ("drawing", "pict", "pic", "graphicFrame", "object")  # what goes with a picture or an object that is not there


@dataclass(frozen=True, slots=True)
class CleanTemplate:
    """A template without what is not taken over, and a remark on each thing that is not."""

    content: bytes
    removed: tuple[Fault, ...]


def cleaned(content: bytes, file: str) -> CleanTemplate:
    """Return the package without links, programs and fields that are not taken over.

    What lxml and zipfile raise of a damaged one is left to :func:`~lhasaplan.report.text.template_fields.reading_template`.
    """
    package = _Package(file, _members(content, file))
    package.clean()
    return CleanTemplate(package.packed(), tuple({str(remark): remark for remark in package.removed}.values()))


def _members(content: bytes, file: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = sum(member.file_size for member in archive.infolist())
        if whole > MOST_BYTES:
            reported = {"size": f"{whole / 1e6:,.0f}", "most": f"{MOST_BYTES / 1e6:,.0f}"}
            raise InputError(Fault(TOO_LARGE, Where(file), reported))
        return {name: archive.read(name) for name in archive.namelist()}


@dataclass
class _Package:
    """The parts of one file, by name; what is reached by no relation that stays is not packed again."""

    file: str
    parts: dict[str, bytes]
    is_workbook: bool = False
    removed: list[Fault] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)  # of the content, by ".ending" or part
    reached: list[str] = field(default_factory=list)

    def clean(self) -> None:
        """Walk from the package's own relations over all parts that they reach."""
        self._read_types()
        waiting = [""]
        while waiting:
            part = waiting.pop()
            if part in self.reached:
                continue
            self.reached.append(part)
            gone, targets = self._clean_relations(part)
            if _XML_TYPES.search(self._type_of(part)) or part.casefold().endswith((".xml", ".vml")):
                self._clean_part(part, gone)
            waiting.extend(target for target in targets if target in self.parts)

    def packed(self) -> bytes:
        """Return the file of the parts that were reached, in the order of before."""
        kept = {"[Content_Types].xml", *self.reached, *(_relations_of(part) for part in self.reached)}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in self.parts.items():
                if name in kept:
                    new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    def _read_types(self) -> None:
        """Note what each part is, and make an ordinary file of one that may hold macros."""
        name = "[Content_Types].xml"
        root = etree.fromstring(self.parts[name], _PARSER)
        for each in list(root.iter("{*}Default", "{*}Override")):
            part, said = each.get("PartName", "").lstrip("/"), each.get("ContentType", "")
            if part and part not in self.parts:
                root.remove(each)
            elif plain := _PLAIN_TYPES.get(said):
                each.set("ContentType", plain)
            self.types[part or f".{each.get('Extension', '').casefold()}"] = each.get("ContentType", "")
        self.parts[name] = _serialised(root)

    def _type_of(self, part: str) -> str:
        return self.types.get(part) or self.types.get(posixpath.splitext(part)[1].casefold(), "")

    def _clean_relations(self, part: str) -> tuple[set[str], list[str]]:
        """Take the relations of a part out that do not stay; return their ids, and the parts that the others lead to."""
        name = _relations_of(part)
        if name not in self.parts:
            return set(), []
        root = etree.fromstring(self.parts[name], _PARSER)
        gone: set[str] = set()
        targets: list[str] = []
        for each in list(root.iter(_RELATIONS)):
            target = _target(part, each)
            if fault := self._refused(part, each, target):
                self.removed.append(fault)
                gone.add(each.get("Id", ""))
                root.remove(each)
            elif not _is_external(each):
                targets.append(target)
        if gone:
            self.parts[name] = _serialised(root)
        return gone, targets

    def _refused(self, part: str, relation: Element, target: str) -> Fault | None:
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        where = Where(self.file, item=part or None)
        if _is_external(relation):
            if kind == "hyperlink" and _is_clicked(relation.get("Target", "")):
                return None
            return Fault(LINKED, where, {"target": relation.get("Target", "")[:MOST_TARGET], "kind": kind})
        if kind.casefold() == "package" and not self.is_workbook and self._is_chart_data(part, target):
            self._clean_workbook(target)
            return None
        may_stay = kind.casefold() in _OF_WORKBOOK if self.is_workbook else kind.casefold() not in {*_RUN, "package"}
        if may_stay and not _RUN_TYPES.search(self._type_of(target)):
            return None
        return Fault(RUNNING, where, {"part": posixpath.basename(target), "kind": kind})

    def _is_chart_data(self, part: str, target: str) -> bool:
        return "/charts/" in part and target.casefold().endswith(".xlsx") and target in self.parts

    def _clean_workbook(self, name: str) -> None:
        inner = _Package(self.file, _members(self.parts[name], self.file), is_workbook=True)
        inner.clean()
        if inner.removed:
            self.parts[name] = inner.packed()
            self.removed.extend(inner.removed)

    def _clean_part(self, part: str, gone: set[str]) -> None:
        root = etree.fromstring(self.parts[part], _PARSER)
        before = len(self.removed)
        where = Where(self.file, item=part)
        _without_ids(root, gone)
        self.removed.extend(Fault(FIELD, where, {"field": text[:MOST_TARGET]}) for text in without_running_fields(root))
        self.removed.extend(Fault(SETTING, where, {"setting": text[:MOST_TARGET]}) for text in _without_settings(root))
        if self.is_workbook and (count := _without_formulas(root)):
            self.removed.append(Fault(FORMULAS, where, {"count": count}))
        if gone or len(self.removed) > before:
            self.parts[part] = _serialised(root)


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _target(part: str, relation: Element) -> str:
    target = str(relation.get("Target", ""))
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def _is_external(relation: Element) -> bool:
    return str(relation.get("TargetMode", "")).casefold() == "external"


def _is_clicked(target: str) -> bool:
    """Say whether a link waits for a click and then shows a page or a letter, and no file of a server or of the machine."""
    return target.startswith("#") or urlsplit(target.strip()).scheme.casefold() in _CLICKED


def _serialised(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _remove(element: Element) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _without_ids(root: Element, gone: set[str]) -> None:
    """Take out what stands for a relation that is not there any more, so that the file stays one that Office opens."""
    for element in list(root.iter(etree.Element)) if gone else ():
        keys = [key for key, value in element.attrib.items() if value in gone and _is_id(key)]
        for key in keys:
            del element.attrib[key]
        if keys:
            _without_target(element)


def _is_id(key: str) -> bool:
    return str(key).startswith(_ID_SPACES) or str(key) == f"{_VML_OFFICE}relid"


def _without_target(element: Element) -> None:
    name = _local(element)
    has_another = any(_is_id(key) for key in element.attrib)
    if name == "hyperlink" or (name in {"blip", "imagedata"} and has_another):
        return
    if name in {"blip", "imagedata", "oleObj"}:
        holder = next((each for each in element.iterancestors() if _local(each) in _HOLDERS), element)
        _remove(holder)
        return
    _remove(element)


def _without_settings(root: Element) -> Iterator[str]:
    """Take out what runs or fetches without a relation, and give its name."""
    for element in list(root.iter(etree.Element)):
        name = _local(element)
        if name == "mailMerge":
            _remove(element)
            yield name
        elif name.startswith("hlink") and (action := element.get("action", "")) and not _ACTIONS.match(action):
            _remove(element)
            yield action
        elif (
            name == "cmd"
            and (timing := next((each for each in element.iterancestors() if _local(each) == "timing"), None)) is not None
        ):
            _remove(timing)
            yield f"timing: {element.get('cmd', '')}"
        elif "urn:schemas-microsoft-com:vml" in str(element.tag):
            yield from _without_addresses(element)


def _without_addresses(element: Element) -> Iterator[str]:
    for key in ("src", "href", f"{_VML_OFFICE}href", f"{_VML_OFFICE}althref"):
        value = element.get(key, "")
        if value and not (key == "href" and _is_clicked(value)):
            del element.attrib[key]
            yield value


def _without_formulas(root: Element) -> int:
    """Take the formulas of a sheet and the names of a workbook out, and return how many: they may ask files and servers."""
    found = [each for each in root.iter(etree.Element) if _local(each) in {"f", "definedName", "calculatedColumnFormula"}]
    for element in found:
        _remove(element)
    for names in [each for each in root.iter(etree.Element) if _local(each) == "definedNames" and not len(each)]:
        _remove(names)
    return len(found)

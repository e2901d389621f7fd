"""Tables as files: encodings, signs between the cells, workbooks, and files that only look like tables."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl

from corpus.case import Reader

TEXT = Reader("text table", "cameras.csv")
BOOK = Reader("workbook", "cameras.xlsx")
READERS = (TEXT, BOOK)
taken, refused = TEXT.taken, TEXT.refused
PARIS = (2.3522, 48.8566)
PLAIN = "id,lon,lat,name\nA,2.3522,48.8566,Gate\n"

CHINESE = "编号,经度,纬度,名称\nA,2.3522,48.8566,东门派出所\nB,2.353,48.857,西门小学\n"
FRENCH = "identifiant;longitude;latitude;nom\nA;2,3522;48,8566;École élémentaire, rue de la Forêt\n"
POLISH = "id;lon;lat;name\nA;21,01;52,23;Łódź, ulica Świętokrzyska\n"
taken("UTF-8", CHINESE, 2, values={"name": "东门派出所"})
taken("UTF-8 with a mark at the start", "\ufeff" + CHINESE, 2, values={"name": "东门派出所"})
taken("GB 18030", CHINESE.encode("gb18030"), 2, values={"name": "东门派出所"})
taken("UTF-16 as spreadsheets save it", CHINESE.replace(",", "\t").encode("utf-16"), 2, values={"name": "东门派出所"})
taken("UTF-16, other end first", ("\ufeff" + CHINESE).encode("utf-16-be"), 2, values={"name": "东门派出所"})
taken("western European", FRENCH.encode("cp1252"), values={"name": "École élémentaire, rue de la Forêt"})
taken("central European", POLISH.encode("cp1250"), values={"name": "Łódź, ulica Świętokrzyska"})
taken("names beyond the first plane", "id,lon,lat,name\nA,2.3522,48.8566,𠮷野家 🏛\n", values={"name": "𠮷野家 🏛"})
taken("line ends of Windows", PLAIN.replace("\n", "\r\n"), at=PARIS)
taken("line ends of old Macs", PLAIN.replace("\n", "\r"), at=PARIS)
taken("no line end at the end", PLAIN.rstrip(), at=PARIS)
taken("tabs", PLAIN.replace(",", "\t"), file="cameras.tsv", at=PARIS)
taken("tabs in a .txt", PLAIN.replace(",", "\t"), file="cameras.txt", at=PARIS)
taken("bars", PLAIN.replace(",", "|"), at=PARIS)
taken("a line that names the sign", "sep=;\n" + PLAIN.replace(",", ";"), at=PARIS)
taken(
    "semicolons and commas in names",
    "id;lon;lat;name\nA;2.3522;48.8566;Gate, north, left\n",
    at=PARIS,
    values={"name": "Gate, north, left"},
)
taken("an ending in capitals", PLAIN, file="CAMERAS.CSV", at=PARIS)
taken("a name of blanks and Chinese", PLAIN, file="监控 点位 (2026).csv", at=PARIS)
MIXED = "编号,经度,纬度,名称\nA,2.3522,48.8566,东门\n".encode() + "B,2.353,48.857,西门小学\n".encode("gb18030")
taken("a pasted row in another encoding", MIXED, 2, words=("another encoding",), rows=(3,), values={"name": "东门"})
refused("one bad byte in UTF-8", CHINESE.encode().replace("西".encode(), b"\xe8\xa5"), rows=(3,))
refused("an empty file", "", "empty")
refused("blank lines alone", "\n\n  \n", "empty")
refused("zeros", b"\0" * 512, "zero", rows=(1,))
refused("random bytes", bytes((n * 7919 + 13) % 256 for n in range(2048)), never=("longitude",))
refused("an open quotation mark", 'id,lon,lat,name\nA,2.3522,48.8566,"Gate\nB,2.353,48.857,x\n', "quotation", rows=(2,))
refused(
    "a page of the web called a table",
    "<html><body><table><tr><td>id</td><td>lon</td></tr></table></body></html>",
    "web page|html",
    file="cameras.xlsx",
)
refused(
    "a page of the web called .csv",
    "<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n",
    "web page|html",
)
refused("a compressed table", gzip.compress(PLAIN.encode()), "compressed")
refused("an ending that is not read", PLAIN, ".csv", file="cameras.ods")
refused("a picture called a table", b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(range(256)))
refused(
    "a cell of two hundred thousand letters", "id,lon,lat,notes\nA,2.3522,48.8566," + "x" * 200_000 + "\n", "131,072", rows=(2,)
)


def book(**sheets: list[list[object]]) -> Callable[[Path], object]:
    """Return a writer of a workbook with these sheets of rows."""

    def write(path: Path) -> None:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(path)

    return write


def book_bytes(**sheets: list[list[object]]) -> bytes:
    """Return a workbook as bytes."""
    made = io.BytesIO()
    book(**sheets)(made)  # type: ignore[arg-type]
    return made.getvalue()


def damaged(member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook one of whose members was changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_bytes(Cameras=ROWS))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return made.getvalue()


ROWS: list[list[object]] = [["id", "lon", "lat"], ["A", 2.3522, 48.8566], ["B", 2.353, 48.857]]
SHEET = "xl/worksheets/sheet1.xml"
taken, refused = BOOK.taken, BOOK.refused
taken("a workbook of one sheet", book(Cameras=ROWS), 2, at=PARIS)
taken("notes before the table", book(Notes=[["Read me"]], Cameras=ROWS), 2, at=PARIS, words=("Notes",))
taken("a title and a blank row above", book(Cameras=[["Cameras 2026"], [], *ROWS]), 2, at=PARIS)
taken("a merged heading above", book(C=[["", "position", ""], ["id", "lon", "lat"], ["A", 2.3522, 48.8566]]), at=PARIS)
taken("numbers as text", book(C=[["id", "lon", "lat"], [1, "2,3522", "48,8566"]]), at=PARIS, values={"camera_id": "1"})
taken(
    "dates as dates",
    book(C=[["id", "lon", "lat", "installed_on"], [1, 2.3522, 48.8566, date(2026, 5, 31)]]),
    values={"installed_on": "2026-05-31"},
)
taken("truth as truth", book(C=[["id", "lon", "lat", "assembly_off"], [1, 2.3522, 48.8566, True]]), at=PARIS)
taken(
    "Chinese in a workbook",
    book(点位=[["编号", "经度", "纬度", "名称"], ["甲", 2.3522, 48.8566, "东门"]]),
    values={"name": "东门"},
)
taken("a macro workbook", book(C=ROWS), 2, file="cameras.xlsm", at=PARIS)
refused("no sheet is filled", book(Empty=[]), "empty")
refused("a bad cell in a workbook", book(C=[["id", "lon", "lat"], ["A", 2.3522, 148]]), "148", rows=(2,), columns=("lat",))
refused("a title shifts no row", book(C=[["Cameras 2026"], [], ["id", "lon", "lat"], ["A", 2.3522, 148]]), "148", rows=(4,))
refused("a workbook cut in two", book_bytes(C=ROWS)[:2500], "cut off", never=("zip file",))
refused("an old .xls called .xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2048, "xlsx", never=("zip",))
refused("a sheet that is no XML", damaged(SHEET, lambda old: old[:200]))
refused("a sheet without its end", damaged(SHEET, lambda old: old[:-30]))
refused("a sheet that is missing", damaged(SHEET, lambda old: b""))
refused("texts that are missing", damaged("xl/workbook.xml", lambda old: b"<workbook/>"))
refused(
    "another zip called .xlsx",
    lambda path: zipfile.ZipFile(path, "w").close(),
    never=("KeyError",),
)


def flipped(member: str, at: int = 10) -> bytes:
    """Return a workbook in which a packed member no longer unpacks."""
    whole = bytearray(book_bytes(Cameras=[*ROWS, *([f"c{n}", 2.35 + n / 1e4, 48.85] for n in range(200))]))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        place = archive.getinfo(member).header_offset + 30 + len(member) + at
    whole[place : place + 8] = bytes(255 - each for each in whole[place : place + 8])
    return bytes(whole)


refused("a sheet that does not unpack", flipped(SHEET))
refused("a sheet whose sum is another", flipped(SHEET, 400))
refused("a list of sheets that does not unpack", flipped("xl/workbook.xml"))

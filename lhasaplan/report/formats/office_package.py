"""Settle an Office file: which program wrote it, and the date that the draft bears on the file and on all its parts."""

import io
import re
import zipfile

EARLIEST = (1980, 1, 1)  # that a ZIP file can say: of a draft without a date
DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>|<dcterms:(?:created|modified)[^>]*/>")
# Some programs name these spaces at each date alone, so that they are not known where the old ones are gone.
SPACES = 'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
DATE = f'<dcterms:{{name}} {SPACES} xsi:type="dcterms:W3CDTF">{{date}}T00:00:00Z</dcterms:{{name}}>'
APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>lhasaplan</Application></Properties>"
)


def settled(file: bytes, date: str = "") -> bytes:
    """Return a package that says one date, an ISO one, and none where none is known: same input, same bytes.

    Workbooks inside it, of charts, are settled, too.
    """
    year, month, day = map(int, date.split("-")) if date else EARLIEST
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            content = _settled(name, archive.read(name), date)
            new.writestr(zipfile.ZipInfo(name, (year, month, day, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _settled(name: str, content: bytes, date: str) -> bytes:
    if name.endswith(".xlsx"):
        return settled(content, date)
    if name == "docProps/app.xml":
        return APPLICATION
    return _dated(content, date) if name == "docProps/core.xml" else content


def _dated(content: bytes, date: str) -> bytes:
    """Return the properties with this date and no other."""
    bare = DATES.sub(b"", content)
    told = "".join(DATE.format(name=name, date=date) for name in ("created", "modified")) if date else ""
    return bare.replace(b"</cp:coreProperties>", told.encode("ascii") + b"</cp:coreProperties>")

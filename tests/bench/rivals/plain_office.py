"""The same drafts written plainly: words, rows and pictures by python-docx, all sheets by openpyxl, cones as GeoJSON.

What the rival writes is composed before and not timed.
"""

import io
import json
import sys
import time
from pathlib import Path

import docx
import openpyxl
import shapely
from docx.shared import Cm

from lhasaplan.bootstrap import open_services
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import drafts_of
from lhasaplan.report.facts.called import called
from lhasaplan.report.facts.tables import all_tables
from lhasaplan.report.maps.map_layers import map_layers
from lhasaplan.report.text.document import Bullets, Figure, Grid, Heading, Paragraph, bound_draft

from ..large_plan import PlanSize, large_plan


def main(where: str, cameras: str, cones: str) -> None:
    """Write the Word files and the workbook, then the cones."""
    folder, size, translations = (
        Path(where),
        PlanSize(cameras=int(cameras), parts=int(cameras) * 5 // 2),
        open_services().content.load_translations("en"),
    )
    project, answers = large_plan(size)
    drafts = [bound_draft(each) for each in drafts_of(project, answers, translations, DraftOrder()).values()]
    tables = all_tables(answers, translations, called(project, answers, translations))
    begun = time.process_time()
    for number, draft in enumerate(drafts):
        _word(draft.blocks, folder / f"plain-{number}.docx")
    _workbook(tables, translations, folder / "plain.xlsx")
    took = time.process_time() - begun
    project, answers = large_plan(PlanSize(cameras=int(cones), parts=size.parts))
    begun = time.process_time()
    shapes = [_feature(one) for layer in map_layers(project, answers, translations) for one in layer.features]
    text = json.dumps({"type": "FeatureCollection", "features": shapes}, ensure_ascii=False)
    print(json.dumps({"cpu_s": took, "map_mb": len(text.encode()) / 1e6, "map_cpu_s": time.process_time() - begun}))


def _feature(one) -> dict:
    style = {"text": one.text, "style": one.style}
    return {"type": "Feature", "properties": style, "geometry": json.loads(shapely.to_geojson(one.shape))}


def _word(blocks, path: Path) -> None:
    word = docx.Document()
    for block in blocks:
        if isinstance(block, Heading):
            word.add_heading(block.text, block.level)
        elif isinstance(block, Paragraph):
            word.add_paragraph(block.text)
        elif isinstance(block, Bullets):
            for item in block.items:
                word.add_paragraph(item, style="List Bullet")
        elif isinstance(block, Figure):
            word.add_picture(io.BytesIO(block.png), width=Cm(16.0 * block.width))
        elif isinstance(block, Grid):
            _table(word, block)
    word.save(path)


def _table(word, block: Grid) -> None:
    table = word.add_table(rows=0, cols=len(block.headings))
    for row in (block.headings, *block.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _workbook(tables, translations, path: Path) -> None:
    book = openpyxl.Workbook()
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.append([column.heading(translations) for column in table.columns])
        for row in table.rows:
            sheet.append([column.value(raw, translations) for column, raw in zip(table.columns, row, strict=True)])
    book.save(path)


if __name__ == "__main__":
    main(*sys.argv[1:])

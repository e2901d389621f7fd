"""Run by the system's Python, which has QGIS: open a GeoPackage as a person would, and tell and draw what is seen.

``look_in_qgis.py FILE.gpkg FOLDER`` prints JSON: of each layer added by its table alone, and of each layer of the stored project,
whether it is valid, its name, kind of renderer, and each rule with label, filter and colours; and draws the project.
"""

import json
import sqlite3
import sys
import tempfile
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsLayerTreeGroup,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def main(path: Path, folder: Path) -> None:
    app = QgsApplication([], False)
    app.initQgis()
    reported = {"tables": by_table(path), "project": stored(path, folder)}
    print(json.dumps(reported, ensure_ascii=False))
    sys.stdout.flush()
    del app


def by_table(path):
    """Add each layer as one drags it from the browser: its default style comes from the file."""
    with sqlite3.connect(path) as file:
        names = [name for (name,) in file.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")]
        others = dict(file.execute("SELECT f_table_name, styleSLD FROM layer_styles WHERE owner = 'lhasaplan'"))
    layers = {name: QgsVectorLayer(f"{path}|layername={name}", name, "ogr") for name in names}
    found = {name: reported_of(layer) for name, layer in layers.items()}
    return {name: reported | {"by_sld": by_sld(layers[name], others.get(name, ""))} for name, reported in found.items()}


def by_sld(layer, style):
    """Give the layer the style that is for other programs and tell its rules; none where there is no such style."""
    if not style:
        return []
    with tempfile.NamedTemporaryFile("w", suffix=".sld", encoding="utf-8") as file:
        file.write(style)
        file.flush()
        _, is_read = layer.loadSldStyle(file.name)
    renderer = layer.renderer()
    if renderer.type() == "singleSymbol":
        renderer = QgsRuleBasedRenderer.convertFromRenderer(renderer)
    return [rule_of(rule) for rule in renderer.rootRule().children()] if is_read else ["not read"]


def reported_of(layer):
    found = {"valid": layer.isValid(), "name": layer.name(), "crs": layer.crs().authid(), "spatial": layer.isSpatial()}
    found |= {"features": layer.featureCount(), "labels": layer.labelsEnabled()}
    found["aliases"] = {each.name(): each.alias() for each in layer.fields()}
    renderer = layer.renderer()
    if renderer is not None:
        found["renderer"] = renderer.type()
        found["rules"] = [rule_of(rule) for rule in renderer.rootRule().children()] if renderer.type() == "RuleRenderer" else []
    return found


def rule_of(rule):
    layer, kind = rule.symbol().symbolLayer(0), rule.symbol().symbolTypeToString(rule.symbol().type())
    return {
        "label": rule.label(),
        "filter": rule.filterExpression(),
        "fault": "" if rule.filter() is None else rule.filter().parserErrorString(),
        "kind": kind,
        "fill": layer.fillColor().name(QColor.HexArgb),
        "line": (layer.color() if kind == "Line" else layer.strokeColor()).name(),
        "colour": layer.color().name(),
        "colours": [each.color().name() for each in rule.symbol().symbolLayers()],
    }


def stored(path, folder):
    project = QgsProject.instance()
    is_read = project.read(f"geopackage:{path}?projectName=lhasaplan")
    layers = list(project.mapLayers().values())
    view = project.viewSettings().defaultViewExtent()
    picture = folder / f"{path.stem}.png"
    drawn = [each.layer() for each in project.layerTreeRoot().findLayers() if each.isVisible() and each.layer().isSpatial()]
    draw(project, drawn, view, picture)
    return {
        "read": is_read,
        "title": project.title(),
        "crs": project.crs().authid(),
        "extent": [view.xMinimum(), view.yMinimum(), view.xMaximum(), view.yMaximum()],
        "groups": tree_of(project.layerTreeRoot()),
        "layers": [reported_of(layer) for layer in layers],
        "picture": str(picture),
    }


def tree_of(group):
    return [{each.name(): tree_of(each)} if isinstance(each, QgsLayerTreeGroup) else each.name() for each in group.children()]


def draw(project, layers, extent, picture):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(1400, 1000))
    settings.setBackgroundColor(QColor("#ffffff"))
    settings.setOutputDpi(120)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(picture))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

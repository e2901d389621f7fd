"""The rival: the same city and cones as items of a QGraphicsView, antialiased, without tiles, threads or blocks."""

import json
import os
import resource
import sys
import time

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.map.shapes import geometry_path
from lhasaplan.core.live.near_camera import coverage_preview

SIZE_PX = (834, 586)  # of the map in a window of 1480 x 920
PANS, ZOOMS = 40, (1, 1, 1, -1, -1, -1, 2, -2)
DRAGS = 40


def main():
    """``plain_scene.py ADDRESS``: print the figures as JSON."""
    app, context = QApplication(["rival"]), AppContext()
    context.warm_up()
    figures, begun = {}, time.perf_counter()
    project = (
        context.open_sample(sys.argv[1]) if sys.argv[1] in ("helsinki", "hilltown") else context.open_project(sys.argv[1]).project
    )
    scene, view = QGraphicsScene(), QGraphicsView()
    view.setScene(scene)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.resize(*SIZE_PX)
    view.show()
    for name, fill, width in (("places", "#d6e8c6", 0.0), ("roads", "", 6.0), ("buildings", "#d9d4cb", 0.0)):
        layer = project.layers.get(name)
        for shape in layer.geometry if layer is not None else ():
            add(scene, shape, fill, width)
    paint(app, view, scene)
    figures["usable_s"] = time.perf_counter() - begun
    sights = coverage_preview(context.open_walls(project, lambda *_: None), project.cameras)
    items = {one.placed.camera.camera_id: [add(scene, g, "#7a6fb0", 0.0, 60) for g in one.grounds] for one in sights}
    paint(app, view, scene)
    figures["whole_s"] = time.perf_counter() - begun
    camera = project.cameras[len(project.cameras) // 2]
    view.resetTransform()
    view.scale(SIZE_PX[0] / 600.0, SIZE_PX[0] / 600.0)
    view.centerOn(camera.x_m, -camera.y_m)
    view.viewport().repaint()
    figures |= percentiles("frame", [*pans(view), *zooms(view)])
    figures |= percentiles("drag", drags(view, scene, items[camera.camera_id]))
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(json.dumps(figures), flush=True)


def add(scene, shape, fill, width, alpha=255):
    colour = QColor(fill or "#ffffff")
    colour.setAlpha(alpha)
    pen = QPen(colour, width) if width else QPen(Qt.PenStyle.NoPen)
    brush = QBrush(Qt.BrushStyle.NoBrush) if width else QBrush(colour)
    return scene.addPath(geometry_path(shape, (0.0, 0.0), 1.0), pen, brush)


def paint(app, view, scene):
    view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    view.viewport().repaint()
    app.processEvents()


def pans(view):
    for number in range(PANS):
        bars = view.horizontalScrollBar(), view.verticalScrollBar()
        begun = time.perf_counter()
        bars[0].setValue(bars[0].value() + (23 if number < PANS // 2 else -17))
        bars[1].setValue(bars[1].value() - 11)
        view.viewport().repaint()
        yield 1e3 * (time.perf_counter() - begun)


def zooms(view):
    for steps in ZOOMS:
        begun = time.perf_counter()
        view.scale(2.0 ** (steps / 2), 2.0 ** (steps / 2))
        view.viewport().repaint()
        yield 1e3 * (time.perf_counter() - begun)


def drags(view, scene, items):
    """Move the items of one camera, without working out what it sees from there."""
    for _ in range(DRAGS):
        begun = time.perf_counter()
        for item in items:
            item.moveBy(1.0, 0.5)
        view.viewport().repaint()
        yield 1e3 * (time.perf_counter() - begun)


def percentiles(what, took):
    values = list(took)
    return {f"{what}_p{percent}": float(np.percentile(values, percent)) for percent in (50, 95)}


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()

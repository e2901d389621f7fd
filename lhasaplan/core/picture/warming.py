"""Compile or load what colours pictures, ahead of the first one."""

import numpy as np

from lhasaplan.core.picture.outlook import blend_triangles
from lhasaplan.core.picture.painting import PALETTE, Light, Surfaces, draw_edges, paint
from lhasaplan.core.picture.people import draw_figure

SIZE = (2, 2)


def warm_up() -> None:
    """Run each kernel once on a picture of four pixels."""
    count = SIZE[0] * SIZE[1]
    ray, away = np.tile([1.0, 0.0, 0.1], (count, 1)), np.tile([10.0, np.inf], (count, 1))
    surface, figure = np.full((count, 4), -3, np.int32), np.zeros(count, np.uint8)
    out, veiled, grid, frame = np.zeros((count, 3), np.uint8), np.zeros(count, bool), np.zeros((1, 1), np.uint8), np.ones(3)
    light = Light(0.0, 0.0, 5.0, 1.0, 0.0, 1.0, 0.0, 1000.0, False, 1e-3, 50.0, -1.0, 1, False, True)
    surfaces = Surfaces(np.ones(1), np.ones(1), np.zeros(1, bool), grid, frame, grid, frame, np.array([25.0]))
    paint(SIZE, ray, away, surface, figure, np.zeros(0, bool), light, surfaces, PALETTE, out, veiled)
    draw_edges(SIZE, away, surface, figure, out)
    draw_figure(SIZE, (0, 1, 0, 1), np.array([10.0, 1.0, 0.0, 5.0]), ray, away, figure)
    triangle, box = np.ones((1, 3, 3)), np.array([[0, 1, 0, 1]])
    blend_triangles(SIZE, triangle, box, ray, away, np.zeros(3), 0.1, out)

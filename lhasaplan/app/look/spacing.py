"""The distances between things in the window, in pixels: six steps, and no other."""

from PySide6.QtWidgets import QLayout

NONE_PX, HAIR_PX, NEAR_PX, GAP_PX, WIDE_PX, EDGE_PX = 0, 4, 6, 8, 16, 24
STEPS_PX = (NONE_PX, HAIR_PX, NEAR_PX, GAP_PX, WIDE_PX, EDGE_PX)


def space(layout: QLayout, margin_px: int = NEAR_PX, gap_px: int = NEAR_PX) -> None:
    """Give a layout one margin on all sides and one distance between what it holds."""
    layout.setContentsMargins(margin_px, margin_px, margin_px, margin_px)
    layout.setSpacing(gap_px)

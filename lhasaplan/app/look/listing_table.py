"""The look of what lists things: whole rows are chosen; a click on the heading of a table sorts."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTreeWidget

HEADINGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ROW_PX = 24


def listing_table(
    listed: QAbstractItemModel, widths_px: Sequence[int], sorted_by: int = 0, table: QTableView | None = None
) -> QTableView:
    """Return a table of a list, in the order of a column (-1: as listed), with its first columns as wide as stated."""
    table = table if table is not None else QTableView()
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)  # Tab leads on: arrows go through the cells, and nobody without a mouse is held in a table
    table.setAlternatingRowColors(True)
    table.setModel(listed)
    table.horizontalHeader().setSortIndicator(sorted_by, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_PX)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(HEADINGS)
    for column, width in enumerate(widths_px):
        table.setColumnWidth(column, width)
    return table


def as_listing(tree: QTreeWidget) -> None:
    """Give a tree the look of a list whose rows have columns, of which one is chosen at a time."""
    tree.setRootIsDecorated(False)
    tree.setAlternatingRowColors(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

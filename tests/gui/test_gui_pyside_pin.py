"""The pin of PySide: 6.12.0 loses a reference to None at every void call on Python 3.10 and 3.11 and aborts after some 7,000."""

import sys

from PySide6.QtCore import QObject
from PySide6.QtGui import QPainterPath

CALLS = 1000


def lost_references(call):
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    return before - sys.getrefcount(None)


def test_that_void_calls_keep_the_references_to_none():
    thing = QObject()
    assert lost_references(lambda: thing.setObjectName("a")) < CALLS / 10


def test_that_void_calls_of_drawing_keep_the_references_to_none():
    path = QPainterPath()
    assert lost_references(lambda: path.lineTo(1.0, 1.0)) < CALLS / 10

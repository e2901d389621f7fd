"""Start the reader's process before a file is named: it imports the readers while the program imports what it needs itself."""

from lhasaplan.io.apart.process import start_reader


def expect_files() -> None:
    """Start it, unless one waits."""
    start_reader("lhasaplan.io.importing.importer")

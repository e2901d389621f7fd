"""The command line: one verb a use case; what goes wrong is a sentence, never a traceback."""

from lhasaplan.cli.run import main

__all__ = ["main"]

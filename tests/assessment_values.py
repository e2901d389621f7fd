"""The JSON object of an assessment as one value, for tests that read members of it."""

from collections.abc import Iterator

from lhasaplan.report.formats.json_data import json_members


def assessment_json(shown):
    """The object that ``write_json`` writes, its long lists made."""
    return {name: [*value] if isinstance(value, Iterator) else value for name, value in json_members(shown).items()}

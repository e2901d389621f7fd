"""The pages of the project lead to one another: no link is broken, and no picture is left over."""

import re
import tomllib
from pathlib import Path

import pytest
import typer
from sources import ROOT
from typer.main import get_command

from lhasaplan.cli.run import VERBS

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """Return what the headings of a page are called in addresses: small letters, digits and hyphens."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(page: Path) -> list[str]:
    """Return what a page links to in this project."""
    return [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_that_each_link_of_a_page_leads_to_a_file_and_a_heading(page):
    for target in targets(page):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_that_each_picture_of_the_pages_is_shown_or_linked():
    linked = {(page.parent / target.partition("#")[0]).resolve() for page in PAGES for target in targets(page)}
    assert [picture.name for picture in (ROOT / "docs" / "pictures").iterdir() if picture not in linked] == []


def verbs_of_the_page() -> dict[str, list[str]]:
    """Return the verbs in the table of the command line, each with the options that its row names."""
    rows = re.findall(r"^\| `([a-z]+)` \| (.*) \| .* \|$", (ROOT / "docs" / "command-line.md").read_text("utf-8"), re.MULTILINE)
    return {verb: re.findall(r"`(--[a-z-]+)", text) for verb, text in rows}


def test_that_the_table_of_the_command_line_has_every_verb_and_options_that_there_are():
    app = typer.Typer()
    for add in VERBS:
        add(app)
    commands = get_command(app).commands
    page = verbs_of_the_page()
    assert sorted(page) == sorted(commands)
    for verb, options in page.items():
        known = {option for parameter in commands[verb].params for option in parameter.opts}
        assert set(options) <= known, verb


def test_that_the_page_of_the_architecture_draws_the_packages_of_the_core_in_the_order_of_their_contract():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn = re.findall(r"^  (\w+)/? +\S", page.split("\ncore/\n")[1].split("\nio/")[0], re.MULTILINE)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract.get("containers") == ["lhasaplan.core"])
    assert drawn == layers

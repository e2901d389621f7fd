"""What leaves a project is kept with it, and the verb journal tells it."""

from evasion_town import make_town, run


def test_that_an_export_that_cannot_be_logged_is_told_and_written_all_the_same(tmp_path, capsys):
    folder = make_town(tmp_path / "town")
    (folder / "town.gpkg").chmod(0o444)
    assert run(folder, "export", "--format", "register", "--out", folder / "drafts") == 0
    assert "the journal of the project does not say so" in capsys.readouterr().err
    (folder / "town.gpkg").chmod(0o644)
    assert run(folder, "export", "--format", "register", "--out", folder / "drafts", "--private") == 0
    assert run(folder, "journal") == 0
    said = capsys.readouterr().out
    assert "Wrote drafts with content for the office only: register" in said
    assert "the oldest first" in said
    assert said.index("Made the project") < said.index("Wrote drafts with content")
    assert (folder / "drafts" / "register.csv").exists()

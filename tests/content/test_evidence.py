"""Evidence: rows, tables, and the links from texts to them."""

import re
from pathlib import Path

import pytest

from course_engine.content import loader
from course_engine.content.check import check, notes
from course_engine.domain.evidence import Certainty, Evidence, Read
from course_engine.paths import MODULES
from tests.content.conftest import Spoil

FILE = "evidence.yaml"
WEEK = "01-starter/week-1.md"


def evidence(folder: Path, language: str | None = None) -> Evidence:
    compiled = loader.compile_course(folder)
    assert [str(fault) for fault in compiled.faults] == []
    found = loader.course_of(loader.decode(loader.encode(compiled.data)), language).evidence
    assert found is not None
    return found


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


def test_a_course_knows_its_claims_tables_and_what_nobody_knows(bread: Path) -> None:
    found = evidence(bread)
    sour = found.by_id["sour-keeps"]

    assert (sour.certainty, sour.read, sour.figure) == (Certainty.MODERATE, Read.SUMMARY, "9 of 12 papers")
    assert found.by_id["warm-jar"].figure == ""
    assert found.tables[0].columns == ("Hope", "What studies did")
    assert [row.certainty for row in found.tables[0].rows] == [Certainty.MODERATE, Certainty.NOT_KNOWN]
    assert found.tables[0].rows[0].evidence == ("sour-keeps",)
    assert found.overstated[0].fair.startswith("Nobody has shown this.")
    assert found.not_known == ("Which of the many yeasts in your jar came from your own flour.",)


def test_a_claim_leads_to_its_row(bread: Path) -> None:
    compiled = loader.compile_course(bread)
    html = loader.course_of(compiled.data).steps["what-lives"].html

    assert re.search(r'<a (?=[^>]*class="evidence")[^>]*href="/evidence#sour-keeps"[^>]*>keep other', html)


def test_evidence_is_translated_row_by_row(bread: Path) -> None:
    spanish, english = evidence(bread, "es"), evidence(bread)

    assert spanish.by_id["sour-keeps"].claim.startswith("Los ácidos")
    assert spanish.by_id["sour-keeps"].source == english.by_id["sour-keeps"].source
    assert spanish.by_id["warm-jar"] == english.by_id["warm-jar"]
    assert spanish.overstated[0].said == "La masa madre cura las alergias."
    assert spanish.tables == english.tables


def test_a_table_is_translated_cell_by_cell(bread: Path) -> None:
    with (bread / "evidence.es.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "tables:\n  - id: hopes\n    columns: [Esperanza, Qué hicieron los estudios]\n    rows:\n"
            "      - cells: [Dura más, Contaron los días]\n      - {}\n"
        )
    table = evidence(bread, "es").tables[0]

    assert table.columns[0] == "Esperanza"
    assert [row.cells[0] for row in table.rows] == ["Dura más", "It suits every stomach"]


@pytest.mark.parametrize(
    ("words", "place", "sentence"),
    [
        ("rows:\n  - id: nowhere\n", "2:5", "nothing with the id `nowhere`"),
        ("not_known: [uno, dos]\n", "1:1", "has 1 here and the translation 2"),
        ("overstated: [{said: a}, {said: b}]\n", "1:1", "has 1 here and the translation 2"),
        ("tables:\n  - id: hopes\n    columns: [a]\n", "3:5", "has 2 here and the translation 1"),
        ("tables:\n  - id: hopes\n    rows: [{}]\n", "3:5", "has 2 here and the translation 1"),
        ("tables:\n  - id: hopes\n    rows:\n      - cells: [a]\n      - {}\n", "4:9", "2 here and the"),
    ],
)
def test_a_translation_of_another_shape_is_told(bread: Path, words: str, place: str, sentence: str) -> None:
    (bread / "evidence.es.yaml").write_text(words, "utf-8")
    found = told(bread)

    assert len(found) == 1, found
    assert found[0].startswith(f"evidence.es.yaml:{place}: ")
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "sentence"),
    [
        (WEEK, "evidence:sour-keeps", "evidence:sour", "](evidence:sour)", "no row `sour`"),
        (FILE, "evidence: [sour-keeps]", "evidence: [sour]", "sour]", "no row `sour`"),
        (FILE, "evidence: []", "evidence: [sour]", "sour]", "no row `sour`"),
        (FILE, "[It suits every stomach, Asked", "[Asked", "cells: [Asked", "has 1 cells and the table 2"),
        (FILE, "id: warm-jar", "id: sour-keeps", "id: sour-keeps", "give each its own"),
        (FILE, "id: hopes", "id: warm-jar", "id: warm-jar", "give each its own"),
        (FILE, "certainty: early", "certainty: proven", "certainty: proven", "`strong`, `moderate`"),
        (FILE, "read: full", "read: some", "read: some", "`second-hand`"),
        (FILE, "size: 40 jars", "size: 40", "size: 40", "quotes"),
        (FILE, "    limits: One kitchen, one kind of flour.\n", "", "id: warm-jar", "`limits` is needed"),
    ],
)
def test_one_slip_is_told_where_it_stands(
    spoil: Spoil, *, file: str, old: str, new: str, at: str, sentence: str
) -> None:
    folder = spoil(file, old, new)
    places = {
        f"{file}:{number}:"
        for number, line in enumerate((folder / file).read_text("utf-8").split("\n"), 1)
        if at in line
    }

    assert [line for line in told(folder) if line.startswith(tuple(places)) and sentence in line], told(
        folder
    )


def test_a_dangling_link_is_told_at_its_column(spoil: Spoil) -> None:
    folder = spoil(WEEK, "evidence:sour-keeps", "evidence:sour")

    assert f"{WEEK}:33:47: " in "".join(told(folder))


def test_a_link_without_any_evidence_is_told(bread: Path) -> None:
    (bread / FILE).unlink()
    (bread / "evidence.es.yaml").unlink()

    assert [line.split(":")[0] for line in told(bread)] == [
        "01-starter/week-1.es.md", "01-starter/week-1.md", "01-starter/week-2.md",
    ]  # fmt: skip


def test_while_the_evidence_cannot_be_read_its_links_are_not_told_too(spoil: Spoil) -> None:
    folder = spoil(FILE, "certainty: early", "certainty: proven")

    assert [line.split(":")[0] for line in told(folder)] == [FILE]


def test_a_row_that_nothing_leads_to_is_a_note(spoil: Spoil) -> None:
    folder = spoil(
        "01-starter/week-2.md", "[Warmth sets the pace](evidence:warm-jar)", "Warmth sets the pace"
    )
    found = [str(note) for note in notes(folder)]

    assert told(folder) == []
    assert "evidence.yaml:11:5: No text links to this row: `[words](evidence:warm-jar)`." in found
    assert not [note for note in found if "sour-keeps" in note]


def test_the_shipped_course_has_its_evidence() -> None:
    compiled = loader.compile_course(MODULES / "self-compassion")
    found = loader.course_of(compiled.data).evidence

    assert found is not None
    assert len(found.claims) >= 25
    assert len(found.tables) == 2
    assert found.overstated
    assert found.not_known
    assert [str(note) for note in compiled.notes if note.file == FILE] == []


def test_a_course_without_evidence_has_none(bread: Path) -> None:
    for file in (FILE, "evidence.es.yaml"):
        (bread / file).unlink()
    for week in ("week-1.md", "week-1.es.md", "week-2.md"):
        path = bread / "01-starter" / week
        text = path.read_text("utf-8").replace("](evidence:sour-keeps)", "](/help)")
        path.write_text(text.replace("](evidence:warm-jar)", "](/help)"), "utf-8")
    (bread / "words.yaml").unlink()

    assert told(bread) == []
    assert loader.course_of(loader.compile_course(bread).data).evidence is None


def test_an_edition_from_before_there_was_evidence_is_still_read(bread: Path) -> None:
    data = loader.compile_course(bread).data
    old = {key: value for key, value in data.items() if key != "evidence"}

    assert loader.course_of(old).evidence is None

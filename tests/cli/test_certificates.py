"""Certificates from the terminal: a sample, what was earned, whether one is valid."""

from pathlib import Path

import pikepdf
import pytest

from course_engine.domain.certificates import Certificate
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.rendering import certificates as drawn
from course_engine.services import certificates, cohorts
from tests.cast import BREAD, ZONE, Clock
from tests.cli.conftest import Terminal, finish
from tests.tools import pdf


@pytest.fixture
def earned(engine: Engine, ada: Person, run: Run, clock: Clock) -> Certificate:
    """Ada's certificate."""
    finish(engine, ada, run, clock)
    return certificates.award(engine, ada, run, "Ada Lind", clock())


@pytest.fixture
def paper(engine: Engine, earned: Certificate, bare: Terminal) -> Path:
    """The same as the PDF that she was given."""
    address = f"{engine.config.base_url}/verify/{earned.code}"
    path = bare.folder / "ada.pdf"
    path.write_bytes(drawn.draw(earned.frozen, earned.code, address, "a4", "en"))
    return path


@pytest.mark.parametrize("design", ["classic", "plain"])
def test_a_sample_says_that_it_is_one_and_needs_no_database(bare: Terminal, design: str) -> None:
    bare.does("certificate", "sample", design, "-o", "sample.pdf")

    data = Path("sample.pdf").read_bytes()
    assert "sample" in pdf.text(data).lower()
    assert pdf.page_size(data) == (297, 210)


def test_a_design_that_is_not_there_is_told(bare: Terminal) -> None:
    told = bare.refused("certificate", "sample", "golden", "-o", "sample.pdf")

    assert told == "There is no certificate design called “golden”."
    assert not Path("sample.pdf").exists()


def test_a_learner_is_issued_what_was_earned_once(
    terminal: Terminal, engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    waiting = terminal.rows("certificate", "issue", "ada@example.org")
    assert waiting[0]["code"] == ""
    assert "every week of the course" in waiting[0]["waits for"]

    finish(engine, ada, run, clock)
    issued = terminal.rows("certificate", "issue", "ada@example.org")

    assert issued == [{"name": "Ada", "code": issued[0]["code"], "waits for": ""}]
    assert len(issued[0]["code"]) == 16
    assert terminal.rows("certificate", "issue", "Ada@Example.org") == issued


def test_a_cohort_is_issued_row_by_row(
    terminal: Terminal, engine: Engine, ada: Person, ben: Person, cleo: Person, clock: Clock
) -> None:
    cohort = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    for person in (ada, cleo):
        cohorts.add_member(engine, cohort, person, clock())

    rows = terminal.rows("certificate", "issue", cohort.id)

    assert sorted(row["name"] for row in rows) == ["Ada", "Cleo"]
    assert all(row["waits for"] for row in rows)
    assert terminal.rows("certificate", "issue", "Mondays") == rows
    cohorts.add(engine, ben, BREAD, "Mondays", clock.move(days=1), ZONE, 60, clock())
    assert "Several groups are called Mondays" in terminal.refused("certificate", "issue", "Mondays")


def test_whoever_is_not_there_or_has_not_begun_is_told(terminal: Terminal, cleo: Person) -> None:
    assert terminal.refused("certificate", "issue", "nothing") == (
        "There is no cohort and nobody with the address nothing."
    )
    assert terminal.refused("certificate", "issue", "cleo@example.org") == "Cleo has not begun a course yet."


def test_a_code_is_verified_however_it_is_typed(terminal: Terminal, earned: Certificate) -> None:
    for typed in (earned.code, earned.code.lower(), drawn.grouped(earned.code)):
        assert terminal.rows("certificate", "verify", typed) == [
            {
                "code": earned.code, "state": "valid", "holder": "A. L.", "from": "2026-03-02",
                "course": "Slow bread, week by week", "to": "2026-03-23", "replaced by": "",
            }
        ]  # fmt: skip
    assert terminal.refused("certificate", "verify", "AAAA") == "There is no certificate with this code."


def test_a_pdf_is_verified_as_its_code_is(terminal: Terminal, earned: Certificate, paper: Path) -> None:
    assert b"/verify/" not in paper.read_bytes()

    found = terminal.rows("certificate", "verify", paper)

    assert found == terminal.rows("certificate", "verify", earned.code)


def test_a_pdf_is_verified_when_another_program_has_saved_it(
    terminal: Terminal, earned: Certificate, paper: Path
) -> None:
    for mode in (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate):
        again = paper.with_name("again.pdf")
        with pikepdf.open(paper) as document:
            document.save(again, object_stream_mode=mode)
        assert terminal.rows("certificate", "verify", again)[0]["code"] == earned.code


def test_another_file_is_no_certificate(terminal: Terminal) -> None:
    Path("notes.txt").write_text("stream\nnothing", encoding="utf-8")

    assert terminal.refused("certificate", "verify", "notes.txt") == (
        "notes.txt is not a certificate of this kind of site."
    )


def test_a_certificate_is_withdrawn_for_a_reason_that_is_not_told(
    terminal: Terminal, earned: Certificate
) -> None:
    assert "Missing option '--reason'" in terminal.misused("certificate", "withdraw", earned.code)

    terminal.does(
        "certificate", "withdraw", drawn.grouped(earned.code), "--reason", "Made for the wrong person"
    )

    assert terminal.rows("certificate", "verify", earned.code)[0]["state"] == "withdrawn"
    assert "wrong person" not in terminal.does("certificate", "verify", earned.code)
    assert terminal.refused("certificate", "withdraw", "AAAA", "--reason", "Why not") == (
        "There is no certificate with this code."
    )

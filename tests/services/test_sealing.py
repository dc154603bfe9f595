"""What Ada writes is for Ada: no file of the site holds her words, in whatever dress they could lie there."""

import base64
import json
import logging
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from course_engine.crypto import Unsealable
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.jobs import tasks
from course_engine.rendering import pdf
from course_engine.rendering.paper import A4
from course_engine.services import backups, cohorts, contacts, prints, runs, writings
from course_engine.services import jobs as work
from course_engine.services.marks import Came
from course_engine.storage import files, jobs
from course_engine.storage import writings as stored
from tests.cast import BREAD, ZONE, Browser, Clock
from tests.tools import pdf as paper

SignIn = Callable[[Person], Browser]

WORDS = {
    "journal": "canary-journal-marzipan",
    "worksheet": "canary-worksheet-cardamom",
    "check-in": "canary-check-in-tarragon",
    "moment": "canary-moment-saffron",
    "contact": "canary-contact-juniper",
    "note": "canary-note-liquorice",
}


def _dresses(word: str) -> dict[str, bytes]:
    """The ways in which a word might lie in a file without being seen at once."""
    plain = word.encode()
    # Base64 of a word depends on where it begins: cut away what belongs to its neighbours.
    shifted = {f"base64 {n}": base64.b64encode(b"\0" * n + plain)[4 if n else 0 : -4] for n in range(3)}
    return {
        "plain": plain,
        "turned": plain[::-1],
        "hex": plain.hex().encode(),
        "utf-16": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "escaped": json.dumps(word)[1:-1].replace("-", "\\u002d").encode(),
        "percent": word.replace("-", "%2D").encode(),
        **shifted,
    }


def _texts(data: bytes) -> Iterator[bytes]:
    """The bytes of a file, and whatever in them unpacks."""
    yield data
    for sign in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b"):
        place = data.find(sign)
        while place >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(wbits=47).decompress(data[place : place + 5_000_000])
            place = data.find(sign, place + 1)


def _found(folder: Path) -> list[str]:
    """Each canary that some file of a folder holds: file, word and dress."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for text in _texts(path.read_bytes()):
            for kind, word in WORDS.items():
                found += [
                    f"{path.name}: {kind} ({dress})" for dress, sign in _dresses(word).items() if sign in text
                ]
    return found


@pytest.fixture
def busy_printer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nobody has time to print at once, so that every document becomes a job; it is printed for real then."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("course_engine.services.prints.turn.acquire", lambda blocking: False)
    pdf.close()
    yield
    pdf.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged, down to the smallest thing."""
    handler = logging.FileHandler(tmp_path / "site.log")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield tmp_path / "site.log"
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def _write_everything(browser: Browser, engine: Engine, ada: Person, run: Run, clock: Clock) -> None:
    sent = [
        browser.fill("/journal", text=WORDS["journal"], step="", entry=""),
        browser.fill("/journal", text=WORDS["journal"], step="journal-1", entry=""),
        browser.fill("/worksheets/my-kitchen", **{"warm-place": WORDS["worksheet"]}),
        browser.fill("/steps/stir-and-look/done", how="done"),
        browser.fill("/steps/stir-and-look/moment", moment="steady", note=WORDS["moment"]),
        browser.fill(
            "/steps/check-in-1/done",
            **{"how": "done", "jar-today": "other", "jar-today:other": WORDS["check-in"]},
        ),
    ]
    assert [answer.status_code for answer in sent] == [303] * len(sent)
    writings.save_answers(engine, ada, run, "note", "stir-and-look", {"words": WORDS["note"]}, clock())
    # Bad input is told and logged; the words in it are nobody's business either.
    refused = browser.post("/journal", data={"text": WORDS["journal"], "csrf_token": "old"})
    assert refused.status_code == 400
    assert browser.fill("/journal", text=WORDS["journal"] * 6000, step="", entry="").status_code == 422


def test_no_file_on_the_disk_holds_what_ada_wrote(
    engine: Engine, ada: Person, ben: Person, run: Run, as_: SignIn, clock: Clock, tmp_path: Path,
    log: Path, busy_printer: None, site_url: str,
) -> None:  # fmt: skip
    tasks.make_queue(engine)
    browser = as_(ada)
    _write_everything(browser, engine, ada, run, clock)
    cohort = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    contacts.ask(engine, ada, cohort, WORDS["contact"], clock())

    answer = browser.get("/worksheets/my-kitchen.pdf?with=answers")
    assert answer.status_code == 303
    assert work.run_next(engine, {"print": prints.make}, "worker", clock)
    (job,) = jobs.of_person(ada.id)
    name, data = prints.file(engine, ada, str(job.result["file"]))
    assert WORDS["worksheet"] in paper.text(data), name

    backups.backup(engine, tmp_path / "site.backup", clock())
    if not engine.database.is_sqlite:
        (tmp_path / "dump.sql").write_bytes(_dump(site_url))
    assert log.stat().st_size > 0
    assert (tmp_path / "queue.db").stat().st_size > 0
    assert _found(tmp_path) == []
    engine.close()
    assert _found(tmp_path) == []


def test_the_search_would_find_them(tmp_path: Path) -> None:
    for number, (dress, sign) in enumerate(_dresses(WORDS["journal"]).items()):
        (tmp_path / f"{number}.bin").write_bytes(b"before " + sign + b" after")
        assert any(dress in line for line in _found(tmp_path)), dress
    (tmp_path / "packed.bin").write_bytes(b"xx" + zlib.compress(WORDS["note"].encode()) + b"yy")
    assert any("packed.bin: note" in line for line in _found(tmp_path))


def test_ada_reads_her_own_words_and_nobody_elses_key_opens_them(
    engine: Engine, ada: Person, cleo: Person, run: Run, clock: Clock
) -> None:
    id = writings.write_entry(engine, ada, run, "Bread rose.", clock(), "journal-1")
    (entry,) = writings.entries(engine, ada)
    assert (entry.id, entry.text, entry.step) == (id, "Bread rose.", "journal-1")
    assert writings.entries(engine, cleo) == []
    (row,) = stored.journal(ada.id)
    for key, place in (
        (engine.person_key(cleo.id), f"journal|{ada.id}|{id}"),
        (engine.person_key(ada.id), f"journal|{ada.id}|another-row"),
        (engine.person_key(ada.id), f"journal|{cleo.id}|{id}"),
    ):
        with pytest.raises(Unsealable):
            key.open(row.sealed, place)
    writings.save_answers(engine, ada, run, "check-in", "check-in-1", {"again": 7}, clock())
    assert writings.answers(engine, ada, run, "check-in", "check-in-1") == {"again": 7}
    assert writings.answers(engine, ada, run, "worksheet", "check-in-1") == {}


def test_an_entry_is_changed_in_its_place_and_keeps_its_day(
    engine: Engine, ada: Person, cleo: Person, run: Run, clock: Clock
) -> None:
    began = clock()
    id = writings.write_entry(engine, ada, run, "First words", began)
    assert writings.change_entry(engine, ada, id, "Better words", clock.move(days=1)) is Came.KEPT
    (entry,) = writings.entries(engine, ada)
    assert (entry.text, entry.created_at, entry.changed_at - began) == (
        "Better words", began, timedelta(days=1)
    )  # fmt: skip
    with pytest.raises(NotFound):
        writings.change_entry(engine, cleo, id, "Hers now", clock())
    with pytest.raises(BadInput):
        writings.change_entry(engine, ada, id, "x" * 100_001, clock())
    assert writings.entries(engine, ada)[0].text == "Better words"


def test_a_finished_document_of_ada_is_not_there_for_cleo(
    engine: Engine, ada: Person, cleo: Person, run: Run, clock: Clock, busy_printer: None
) -> None:
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", {"flour": "rye"}, clock())
    at = runs.position(engine, ada, run, clock())
    wanted = prints.worksheet(engine, ada, at, "my-kitchen", A4, filled=True)
    job = prints.deliver(engine, ada, wanted, clock())
    assert not isinstance(job, bytes)
    assert prints.deliver(engine, ada, wanted, clock()) == job, "asking again is the same job"
    with pytest.raises(NotFound):
        prints.file(engine, ada, str(job.subject["order"]))
    assert work.run_next(engine, {"print": prints.make}, "worker", clock)
    done = work.own(ada, job.id)
    with pytest.raises(NotFound):
        prints.file(engine, cleo, str(done.result["file"]))
    with pytest.raises(NotFound):
        work.own(cleo, job.id)
    kept = files.get(str(done.result["file"]))
    assert kept is not None
    assert kept.person == ada.id


def _dump(url: str) -> bytes:
    done = subprocess.run(["pg_dump", "--inserts", url], capture_output=True, check=True)
    return done.stdout

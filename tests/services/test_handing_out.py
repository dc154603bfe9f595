"""Ben gives the certificates out: one PDF, a ZIP, letters; and a name is corrected, by him or by Ada."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from zipfile import ZipFile

import pytest

from course_engine import i18n
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused, Unavailable
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.domain.work import JobState
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.rendering import pdf as printed
from course_engine.rendering.paper import A4, Paper
from course_engine.services import (
    candidates,
    certificates,
    cohorts,
    correcting,
    handing_out,
    jobs,
    members,
    people,
    prints,
    runs,
    samples,
    verifying,
)
from course_engine.storage import audit
from course_engine.storage import certificates as stored
from course_engine.storage import people as stored_people
from course_engine.storage import runs as stored_runs
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Clock, do, week_steps
from tests.tools import pdf as pages

Give = Callable[[Person], str]
REASON = "a reason that nobody else reads"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


@pytest.fixture
def give(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> Give:
    """Let somebody have a certificate of this group, by Ben's decision."""

    def given(person: Person) -> str:
        run = cohorts.add_member(engine, cohort, person, clock())
        at = runs.position(engine, person, run, clock())
        do(engine, person, run, clock(), *week_steps(at, 1))
        return certificates.decide(engine, person, run, person.name, REASON, ben, clock()).code

    return given


@pytest.fixture
def olga(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> Person:
    """Olga takes part on paper."""
    return members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages in which letters are written."""
    heard: list[str] = []

    @contextmanager
    def noted(language: str) -> Iterator[None]:
        heard.append(language)
        with i18n.speak(language):
            yield

    for place in (handing_out, correcting):
        monkeypatch.setattr(place, "speak", noted)
    return heard


def _run(cohort: Cohort, person: Person) -> Run:
    run = stored_runs.get(members.one(cohort, person.id).run)
    assert run is not None
    return run


def _letters() -> list[tuple[str, str, str]]:
    return [(one.recipient, one.subject, one.text) for one in t.Outbox.select()]


def test_one_pdf_has_a_page_for_each_and_stays_out_of_the_way_of_others(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    for person in (ada, cleo):
        give(person)
    of = handing_out.given(cohort, [ada.id, cleo.id])
    wanted = handing_out.one_pdf(engine, cohort, of, Paper("letter"))
    assert (wanted.pages, wanted.long, wanted.own) == (2, False, True)
    made = prints.deliver(engine, ben, wanted, clock())
    if not isinstance(made, bytes):
        do_jobs(engine, HANDLERS, "one", clock, Event())
        _name, made = prints.file(engine, ben, str(jobs.own(ben, made.id).result["file"]))

    assert pages.pages(made) == 2
    said = pages.text(made)
    assert "Ada" in said
    assert "Cleo" in said
    assert REASON not in said


def test_a_zip_holds_a_file_for_each_with_a_name_that_every_system_can_keep(
    engine: Engine, ada: Person, ben: Person, dov: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    people.change_name(engine, ada, "Zoë/..\\Müller: «Ada»")
    ada = people.get("ada@example.org")
    twin = people.add(engine, "Kim", "kim@example.org", PASSWORD, clock(), zone=ZONE)
    other = people.add(engine, "Kim", "kim2@example.org", PASSWORD, clock(), zone=ZONE)
    for person in (ada, twin, other):
        give(person)
    of = handing_out.given(cohort, [ada.id, twin.id, other.id])
    job = handing_out.ask_zip(engine, cohort, of, A4, ben, clock(), "press")
    assert handing_out.ask_zip(engine, cohort, of, A4, ben, clock(), "press").id == job.id
    do_jobs(engine, HANDLERS, "one", clock, Event())
    found = jobs.own(ben, job.id)
    assert (found.state, found.done, found.total) == (JobState.DONE, 3, 3)
    page = str(found.result["page"])
    assert page.startswith(f"/cohorts/{cohort.id}/certificates/zip/")
    id = page.rpartition("/")[2]
    data = handing_out.zip_file(engine, cohort, ben, id)

    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["001 Kim.pdf", "002 Kim.pdf", "003 Zoë Müller Ada.pdf"]
        for name in archive.namelist():
            assert pages.pages(archive.read(name)) == 1
    stored_file = t.File.get_by_id(id)
    assert b"Kim.pdf" not in bytes(stored_file.data)
    with pytest.raises(NotFound):
        handing_out.zip_file(engine, cohort, dov, id)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("CON", "007 CON.pdf"), ("../../etc/passwd", "007 etc passwd.pdf"), ("", "007.pdf"),
        ("...", "007.pdf"), ("a\u202eb", "007 a b.pdf"), ("محمد بن سلمان", "007 محمد بن سلمان.pdf"),
        ("x" * 80, f"007 {'x' * 60}.pdf"), ("O’Connor-Lee", "007 O’Connor-Lee.pdf"),
    ],
)  # fmt: skip
def test_names_of_files_are_safe(name: str, file: str) -> None:
    assert handing_out.file_name(7, name) == file


def test_letters_go_to_those_who_have_an_account_with_an_address_and_once_a_press(
    engine: Engine, ada: Person, ben: Person, olga: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    code, _other = give(ada), give(olga)
    invited = members.somebody(engine, "Ivo", "ivo@example.org", "en", ZONE, clock())
    with engine.database.transaction():
        stored_people.add(invited, "", engine.keys.new_person_key())
    give(invited)
    of = handing_out.given(cohort, [ada.id, olga.id, invited.id])
    assert [one.name for one in handing_out.post(of).by_letter] == ["Ada"]
    assert [one.name for one in handing_out.post(of).by_hand] == ["Ivo", "Olga"]
    for _press in range(2):
        assert handing_out.send(engine, cohort, of, ben, clock(), "a press") == 1
    ((to, subject, text),) = _letters()
    assert to == "ada@example.org"
    assert "certificate" in subject
    assert f"/verify/{code}" in text
    assert f"/runs/{_run(cohort, ada).id}/certificate" in text
    assert REASON not in text
    handing_out.send(engine, cohort, of, ben, clock(), "another day")
    assert len(_letters()) == 2
    act = next(row for row in audit.newest(20) if row[2] == "certificate.mail")
    assert act[1] == ben.id
    assert REASON not in str(act)


def test_a_withdrawn_one_is_given_out_no_more(
    engine: Engine, ada: Person, cleo: Person, dov: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    code = give(ada)
    give(cleo)
    certificates.withdraw(engine, code, "by mistake", clock(), dov)
    assert [one.name for one in handing_out.given(cohort, [ada.id, cleo.id])] == ["Cleo"]
    with pytest.raises(BadInput):
        handing_out.given(cohort, [ada.id])


def test_one_file_holds_two_hundred_at_most(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    give(ada)
    many = handing_out.given(cohort, [ada.id]) * 201
    with pytest.raises(BadInput, match="at most 200"):
        handing_out.one_pdf(engine, cohort, many, A4)
    with pytest.raises(BadInput, match="at most 200"):
        handing_out.ask_zip(engine, cohort, many, A4, ben, clock())


def test_a_sample_is_marked_and_nobody_can_check_its_code(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    wanted = samples.of_run(engine, ada, run, "Ada Lind", A4, clock())
    assert wanted.values["state"] == "sample"
    assert wanted.values["name"] == "Ada Lind"
    assert stored.of_person(ada.id) == []
    with pytest.raises(NotFound):
        verifying.verify(samples.CODE)
    with pytest.raises(BadInput):
        samples.of_run(engine, ada, run, "李", A4, clock())


def test_ben_corrects_a_name_and_ada_is_told_without_the_reason(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    old = give(ada)
    row = candidates.one(engine, cohort, ada.id, "en", clock())
    assert row.made is not None
    new = correcting.by_leader(engine, row, "Ada Lind", "she was married on Sunday", ben, clock.move(days=1))
    assert verifying.verify(old).next_code == new.code
    ((to, _subject, text),) = _letters()
    assert to == "ada@example.org"
    for words in ("Ada Lind", "Ben has corrected", f"/runs/{new.run}/certificate"):
        assert words in text
    assert "married" not in text
    act = next(entry for entry in audit.newest(20) if entry[2] == "certificate.correct")
    assert (act[1], act[4]["reasoned"]) == (ben.id, True)
    assert "Sunday" not in str(act)
    before = correcting.before(new)
    assert before is not None
    assert before.frozen["name"] == "Ada"
    (told,) = correcting.history(cohort, new)
    assert (told.name, told.reason) == ("Ada", "she was married on Sunday")
    other = cohorts.add(engine, ben, BREAD, "Fridays", clock(), ZONE, 90, clock())
    assert correcting.history(other, new)[0].reason == "", "that is between Ada and those who led her then"
    with pytest.raises(Refused):
        correcting.by_leader(engine, row, "Ada L.", "", ben, clock())


def test_nobody_on_paper_gets_a_letter_about_a_name(
    engine: Engine, ben: Person, olga: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    give(olga)
    row = candidates.one(engine, cohort, olga.id, "en", clock())
    correcting.by_leader(engine, row, "Olga Sørensen", "", ben, clock())
    assert _letters() == []
    row = candidates.one(engine, cohort, olga.id, "en", clock())
    assert row.made is not None
    assert row.made.frozen["name"] == "Olga Sørensen"
    assert correcting.history(cohort, row.made)[0].reason == "", "why it was decided for is another reason"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Ada 李", "Ada"])
def test_a_name_that_is_empty_too_long_unprintable_or_the_same_gets_a_sentence(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, give: Give, clock: Clock, name: str
) -> None:
    give(ada)
    row = candidates.one(engine, cohort, ada.id, "en", clock())
    assert row.made is not None
    with pytest.raises(BadInput) as refused:
        correcting.preview(row.made, name)
    assert set(refused.value.faults) == {"name"}
    assert len(stored.of_person(ada.id)) == 1


def test_the_one_pdf_can_be_read_by_a_screen_reader(
    engine: Engine, ada: Person, cleo: Person, cohort: Cohort, give: Give, tmp_path: Path
) -> None:
    for person in (ada, cleo):
        give(person)
    of = handing_out.given(cohort, [ada.id, cleo.id])
    wanted = handing_out.one_pdf(engine, cohort, of, A4)
    made = printed.render(wanted.kind, wanted.values, wanted.language)
    (tmp_path / "certificates.pdf").write_bytes(made)
    assert pages.verapdf([tmp_path / "certificates.pdf"]) == []


def _leads_no_more(engine: Engine, cohort: Cohort, ben: Person, clock: Clock) -> None:
    """Another facilitator takes the group over, and Ben is out."""
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), frozenset({Role.FACILITATOR}))
    cohorts.share(engine, cohort, "ema@example.org", ben, clock())
    cohorts.stop_leading(engine, cohorts.led(ema, cohort.id), ben.id, ema, clock())


def test_a_zip_is_not_made_for_ben_who_leads_the_group_no_longer(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    give(ada)
    of = handing_out.given(cohort, [ada.id])
    job = handing_out.ask_zip(engine, cohort, of, A4, ben, clock(), "press")
    _leads_no_more(engine, cohort, ben, clock)
    do_jobs(engine, HANDLERS, "one", clock, Event())
    assert jobs.own(ben, job.id).state is JobState.STOPPED
    assert t.File.select().where(t.File.media_type == "zip").count() == 0


def test_a_zip_that_is_being_made_stops_when_ben_is_removed(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    for person in (ada, cleo):
        give(person)
    of = handing_out.given(cohort, [ada.id, cleo.id])
    job = handing_out.ask_zip(engine, cohort, of, A4, ben, clock(), "press")

    def removed(done: int, _total: int) -> None:
        if done == 1:
            _leads_no_more(engine, cohort, ben, clock)

    with pytest.raises(NotFound):
        handing_out.make_zip(engine, job, removed, clock())
    assert t.File.select().where(t.File.media_type == "zip").count() == 0


def test_a_zip_made_again_holds_no_certificate_that_was_withdrawn_meanwhile(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    """The worker has kept the file when Ben cancels; then Ada's is withdrawn, and Ben wants it after all."""
    code, _other = give(ada), give(cleo)
    of = handing_out.given(cohort, [ada.id, cleo.id])
    job = handing_out.ask_zip(engine, cohort, of, A4, ben, clock(), "press")
    handing_out.make_zip(engine, job, lambda _done, _total: None, clock())
    jobs.cancel(engine, ben, job.id)
    certificates.withdraw(engine, code, "by mistake", clock.move(minutes=1))
    jobs.again(engine, ben, job.id)
    do_jobs(engine, HANDLERS, "one", clock, Event())

    id = str(jobs.own(ben, job.id).result["page"]).rpartition("/")[2]
    with ZipFile(io.BytesIO(handing_out.zip_file(engine, cohort, ben, id))) as archive:
        assert archive.namelist() == ["001 Cleo.pdf"]


def test_one_pdf_asked_for_by_ben_is_neither_made_nor_handed_out_once_he_leads_no_longer(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    give(ada)
    wanted = handing_out.one_pdf(engine, cohort, handing_out.given(cohort, [ada.id]), A4)
    prints.keep(engine, ben, wanted, b"%PDF", clock())
    kept = t.File.get(t.File.name == "certificates.pdf", t.File.media_type.startswith("sealed"))
    assert prints.file(engine, ben, kept.id)[1] == b"%PDF"
    _leads_no_more(engine, cohort, ben, clock)
    with pytest.raises(NotFound):
        prints.file(engine, ben, kept.id)


def test_nothing_with_the_certificate_of_somebody_who_is_erased_stays_with_ben(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    """The ZIP, the one PDF, and what was written down to make it; what has nobody's name in it stays."""
    give(ada), give(cleo)
    of = handing_out.given(cohort, [ada.id, cleo.id])
    job = handing_out.ask_zip(engine, cohort, of, A4, ben, clock(), "press")
    zipped = str(handing_out.make_zip(engine, job, lambda _done, _total: None, clock())["page"])
    wanted = handing_out.one_pdf(engine, cohort, of, A4)
    kept = prints.keep(engine, ben, wanted, b"%PDF", clock())
    plain = prints.keep(engine, ben, prints.Print("test", {}, "en", "test.pdf"), b"%PDF", clock())
    waits = prints._as_job(engine, ben, wanted, clock())

    stored_people.remove(ada.id)

    with pytest.raises(NotFound):
        handing_out.zip_file(engine, cohort, ben, zipped.rpartition("/")[2])
    with pytest.raises(NotFound):
        prints.file(engine, ben, kept.id)
    do_jobs(engine, HANDLERS, "one", clock, Event())
    assert jobs.own(ben, waits.id).state is JobState.STOPPED
    assert prints.file(engine, ben, plain.id)[1] == b"%PDF"
    assert [one.name for one in handing_out.given(cohort, [ada.id, cleo.id])] == ["Cleo"]


def test_a_zip_in_the_making_does_not_bring_back_who_is_erased_meanwhile(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    give(ada), give(cleo)
    of = handing_out.given(cohort, [ada.id, cleo.id])
    job = handing_out.ask_zip(engine, cohort, of, A4, ben, clock(), "press")

    def erase_at_the_end(done: int, total: int) -> None:
        if done == total:
            stored_people.remove(ada.id)

    with pytest.raises(Unavailable):
        handing_out.make_zip(engine, job, erase_at_the_end, clock())
    assert not t.File.select().where(t.File.name.startswith("certificates-")).exists()


def test_letters_speak_the_language_of_who_gets_them(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, give: Give, clock: Clock, spoken: list[str]
) -> None:
    with engine.database.transaction():
        stored_people.change(ada.id, language="es")
    give(ada)
    handing_out.send(engine, cohort, handing_out.given(cohort, [ada.id]), ben, clock(), "a press")
    row = candidates.one(engine, cohort, ada.id, "en", clock())
    correcting.by_leader(engine, row, "Ada Lind", "", ben, clock())
    assert spoken == ["es", "es"]


def test_many_letters_take_as_many_statements_as_two(
    engine: Engine, ben: Person, cohort: Cohort, give: Give, clock: Clock
) -> None:
    def statements(names: list[str]) -> int:
        for name in names:
            give(people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), zone=ZONE))
        everybody = [one.id for one in members.of(cohort)]
        of = handing_out.given(cohort, everybody)
        with engine.database.count_queries() as counted:
            handing_out.send(engine, cohort, of, ben, clock(), names[0])
        return len(counted.statements)

    assert statements(["Kim", "Lea"]) == statements(["Mia", "Noa", "Ola", "Pia"])
    assert len(_letters()) == 8

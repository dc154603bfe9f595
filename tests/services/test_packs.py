"""What Ben prints for his group: tonight's handouts and the rest, counted before the first page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import BadInput, NotFound, Unavailable
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.i18n import clock as clock_of
from course_engine.i18n import there
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.rendering import pdf
from course_engine.rendering.collating import Length
from course_engine.rendering.paper import Paper
from course_engine.services import (
    attendance,
    certificates,
    cohorts,
    counting,
    handouts,
    jobs,
    members,
    overrides,
    packs,
    paper,
    people,
    prints,
    writings,
)
from course_engine.services.choices import Choice, Order, What, Whom
from course_engine.services.packs import Pack
from course_engine.storage import paper as codes
from course_engine.storage import runs as stored_runs
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Clock
from tests.tools import pdf as read

HANDOUTS = Choice(What.HANDOUTS, 1, whom=Whom.EXPECTED)
CANARY = "A heron nobody else may see"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock.now, ZONE, 90, clock())
    return cohorts.led(ben, made.id)


@pytest.fixture
def group(engine: Engine, ben: Person, cohort: Cohort, ada: Person, clock: Clock) -> dict[str, str]:
    """Ada and Kim have begun, Olga takes part on paper, Hal is on hold, Gil has not; one evening is over."""
    hal, kim, gil = (
        people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), zone=ZONE)
        for name in ("Hal", "Kim", "Gil")
    )
    for person in (ada, kim):
        cohorts.add_member(engine, cohort, person, clock())
    held = cohorts.add_member(engine, cohort, hal, clock())
    overrides.add(engine, held, Override(OverrideKind.HOLD, clock(), by=By.LEARNER), hal, "", clock())
    cohorts.add_member(engine, cohort, gil, clock(), started=False)
    olga = members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    clock.move(hours=2)
    return {"Ada": ada.id, "Kim": kim.id, "Hal": hal.id, "Gil": gil.id, "Olga": olga.id}


def made(engine: Engine, cohort: Cohort, choice: Choice, clock: Clock, *, proof: bool = False) -> Pack:
    course = engine.shelf.course(cohort.edition, "en")
    return packs.pack(engine, cohort, course, choice, clock(), proof=proof)


def counted(engine: Engine, person: Person, proof: Pack, clock: Clock) -> Length:
    """How long a pack is, counted at once or by a worker."""
    if isinstance(counting.length(engine, person, proof, clock()), Job):
        do_jobs(engine, HANDLERS, "one", clock, Event())
    found = counting.length(engine, person, proof, clock())
    assert isinstance(found, Length)
    return found


@dataclass
class Counter:
    """Counts documents as ever, or fails to."""

    count: Callable[..., pdf.Counted]
    fault: Exception | None = None

    def __call__(self, *asked: object) -> pdf.Counted:
        if self.fault is not None:
            raise self.fault
        return self.count(*asked)


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    made = Counter(pdf.count)
    monkeypatch.setattr(pdf, "count", made)
    return made


def lies(pack: Pack) -> list[tuple[str, int, bool]]:
    """The kinds of a pack in order, with their copies and whether they go with the one before."""
    return [(sheet.part.kind, sheet.part.copies, sheet.part.joined) for sheet in pack.sheets]


def test_tonights_pack_is_plan_sign_in_sheet_and_script_for_ben_then_the_sheets_of_those_expected(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    found = made(engine, cohort, HANDOUTS, clock)

    assert (found.people, found.on_paper) == (3, 1)
    assert lies(found) == [
        ("plan", 1, False),
        ("sign-in", 1, False),
        ("single", 1, False),
        ("worksheet", 2, False),
        ("week", 1, False),
    ]
    assert found.sheets[2].title.startswith("Script: ")
    assert found.sheets[1].part.values["people"] == ["Ada", "Kim", "Olga"]


def test_everybody_gets_the_scripts_too_where_ben_ticks_it_and_he_alone_gets_none_twice(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    wanted = replace(HANDOUTS, scripts=True)

    found = made(engine, cohort, wanted, clock)
    alone = made(engine, cohort, replace(wanted, whom=Whom.ME), clock)

    assert lies(found)[2:-1] == [("single", 1, False), ("single", 2, False), ("worksheet", 2, True)]
    assert [kind for kind, _copies, _joined in lies(alone)] == ["plan", "sign-in", "single", "worksheet"]


def test_the_plan_of_a_group_tells_the_hours_of_its_evening(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    (plan,) = made(engine, cohort, replace(HANDOUTS, what=What.PLAN), clock).sheets
    (held,) = [one for one in cohorts.sessions(cohort) if one.number == 1]

    values = plan.part.values
    assert values["when"] == there(held.starts_at, cohort.zone)
    assert str(values["plan"]["parts"][0]["clock"]) == clock_of(held.starts_at, cohort.zone)  # type: ignore[index]


def test_two_files_of_one_group_are_told_apart_by_their_titles(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    log = replace(HANDOUTS, what=What.LOG)

    titles = [made(engine, cohort, choice, clock).title for choice in (HANDOUTS, log)]

    week = HANDOUTS.week
    assert titles == [
        f"Week {week} handouts, {cohort.name}",
        f"Practice log of week {week}, {cohort.name}",
    ]


def test_at_the_first_session_those_who_have_not_begun_are_expected_too(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    clock.move(hours=-2)

    found = made(engine, cohort, HANDOUTS, clock)

    sheet = found.sheets[1].part.values
    assert (sheet["people"], sheet["guests"]) == (["Ada", "Kim", "Olga"], 4), "nobody knows Gil's name yet"


def test_by_worksheet_all_copies_of_one_lie_together(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    found = made(engine, cohort, replace(HANDOUTS, order=Order.SHEET, whom=Whom.ALL), clock)

    assert not any(joined for _kind, _copies, joined in lies(found))
    assert {copies for _kind, copies, _joined in lies(found)[3:-1]} == {4}


def test_someone_on_paper_gets_the_whole_week_with_the_code_that_comes_back(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    found = made(engine, cohort, HANDOUTS, clock)

    run = members.one(cohort, group["Olga"]).run
    values = found.sheets[-1].part.values
    assert values["paper_code"] == codes.of_run(run)["week-1"]
    assert values["paper_name"] == "Olga"
    assert f"/runs/{run}/weeks/1" in str(values["address"])
    assert found.own
    assert [sheet.part.values.get("paper_name") for sheet in found.sheets[2:-1]] == [None] * (
        len(found.sheets) - 3
    )


def test_a_name_is_on_every_page_only_where_ben_ticks_it(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    plain = made(engine, cohort, HANDOUTS, clock).sheets[-1].part.values
    ticked = made(engine, cohort, replace(HANDOUTS, names=True), clock).sheets[-1].part.values

    assert "paper_named" not in plain
    assert ticked == {**plain, "paper_named": True}


def test_counting_gives_nobody_a_code_and_names_nobody_on_paper(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock
) -> None:
    found = made(engine, cohort, HANDOUTS, clock, proof=True)

    run = members.one(cohort, group["Olga"]).run
    assert codes.of_run(run) == {}
    assert "Olga" not in str(found.sheets[-1].part.values)


@pytest.mark.parametrize("what", [What.WORKSHEET, What.SCRIPT, What.LOG])
def test_a_single_sheet_carries_the_code_of_its_week_for_those_on_paper(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock, what: What
) -> None:
    id = {What.WORKSHEET: "my-kitchen", What.SCRIPT: "stir-and-look"}.get(what, "")
    blank, olgas = made(engine, cohort, Choice(what, 1, id, whom=Whom.EXPECTED), clock).sheets

    assert blank.part.copies == 2
    assert "paper_code" not in blank.part.values
    assert olgas.part.values["paper_name"] == "Olga"
    assert olgas.part.copies == 1


def test_a_chosen_few_get_theirs_and_strangers_are_passed_over(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], cleo: Person, clock: Clock
) -> None:
    chosen = replace(HANDOUTS, whom=Whom.CHOSEN, people=(group["Hal"], cleo.id))
    assert made(engine, cohort, chosen, clock).people == 1


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (replace(HANDOUTS, whom=Whom.CHOSEN), "people"),
        (replace(HANDOUTS, week=9), "week"),
        (Choice(What.SIGN_IN, 0), "week"),
        (Choice(What.WORKSHEET, id="nothing"), "worksheet"),
        (Choice(What.SCRIPT, id="my-kitchen"), "script"),
        (Choice(What.CERTIFICATES, whom=Whom.ALL), "what"),
        (Choice(What.WEEK, 1, paper=Paper("a4", "large"), booklet=True), "booklet"),
        (Choice(What.WORKBOOK, booklet=True), "booklet"),
    ],
)
def test_what_cannot_be_printed_gets_a_sentence_at_its_field(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock, choice: Choice, field: str
) -> None:
    with pytest.raises(BadInput) as told:
        made(engine, cohort, choice, clock)
    assert list(told.value.faults) == [field]


@pytest.mark.parametrize("whom", [Whom.EXPECTED, Whom.ALL])
def test_an_empty_group_gets_a_sentence_and_ben_his_own_copy(
    engine: Engine, cohort: Cohort, clock: Clock, whom: Whom
) -> None:
    with pytest.raises(BadInput):
        made(engine, cohort, replace(HANDOUTS, whom=whom), clock)
    assert made(engine, cohort, replace(HANDOUTS, whom=Whom.ME), clock).people == 0


def test_certificates_are_those_that_are_valid(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock
) -> None:
    ada, kim = people.get("ada@example.org"), people.get("kim@example.org")
    codes = []
    for person in (ada, kim):
        run = stored_runs.get(members.one(cohort, person.id).run)
        assert run is not None
        attendance.attend(engine, cohort, 1, person.id, Present.PRESENT, ben, clock())
        given = certificates.decide(engine, person, run, person.name, "She did all of it.", ben, clock())
        codes.append(given.code)
    certificates.withdraw(engine, codes[1], "made by mistake", clock())

    found = made(engine, cohort, Choice(What.CERTIFICATES, whom=Whom.ALL), clock)
    assert [sheet.part.values["name"] for sheet in found.sheets] == ["Ada"]
    assert found.own


def test_a_certificate_has_an_empty_back_whatever_was_chosen_before(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock
) -> None:
    for name in ("ada", "kim"):
        person = people.get(f"{name}@example.org")
        run = stored_runs.get(members.one(cohort, person.id).run)
        assert run is not None
        attendance.attend(engine, cohort, 1, person.id, Present.PRESENT, ben, clock())
        certificates.decide(engine, person, run, person.name, "All of it.", ben, clock())
    choice = Choice(What.CERTIFICATES, whom=Whom.ALL, sides=2, run_on=True, booklet=True)

    found = made(engine, cohort, choice, clock, proof=True)

    length = counted(engine, ben, found, clock)
    assert (length.pages, length.sheets, length.empty) == (2, 2, 0)


CHOICES = (
    replace(HANDOUTS, sides=2),
    replace(HANDOUTS, whom=Whom.ALL, order=Order.SHEET, sides=2, paper=Paper("letter", "large", "saver")),
    replace(HANDOUTS, whom=Whom.ME),
    Choice(What.WEEK, 1, whom=Whom.EXPECTED, booklet=True, sides=2),
    Choice(What.WORKSHEET, id="my-kitchen", whom=Whom.EXPECTED),
    Choice(What.SIGN_IN, 1),
)


@pytest.mark.parametrize("choice", CHOICES)
def test_as_many_pages_are_counted_as_are_made(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock, choice: Choice
) -> None:
    proof = made(engine, cohort, choice, clock, proof=True)
    found = counted(engine, ben, proof, clock)

    wanted = packs.to_print(made(engine, cohort, choice, clock))
    document = pdf.printed(wanted.kind, wanted.values, wanted.language)
    sides = found.pages // 2 if choice.booklet else found.pages
    assert document.pages == read.pages(document.pdf) == sides
    assert found.sheets == -(-sides // choice.sides)


def test_what_was_counted_once_is_known(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock, counter: Counter
) -> None:
    choice = Choice(What.WORKSHEET, id="my-kitchen", whom=Whom.ALL)
    first = counted(engine, ben, made(engine, cohort, choice, clock, proof=True), clock)

    counter.fault = AssertionError("This has been counted before.")
    for whom in (Whom.ALL, Whom.EXPECTED, Whom.ME):
        again = made(engine, cohort, replace(choice, whom=whom), clock, proof=True)
        assert isinstance(counting.length(engine, ben, again, clock()), Length)
    assert counting.known(made(engine, cohort, choice, clock, proof=True)) == first


def test_what_takes_longer_than_a_moment_is_counted_by_a_worker_once(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock, counter: Counter
) -> None:
    proof = made(engine, cohort, HANDOUTS, clock, proof=True)
    counter.fault = Unavailable("Other documents are being made right now.")
    asked = [counting.length(engine, ben, proof, clock(), "/back") for _twice in range(2)]
    assert isinstance(asked[0], Job)
    assert isinstance(asked[1], Job)
    assert asked[0].id == asked[1].id
    assert counting.known(proof) is None

    counter.fault = None
    do_jobs(engine, HANDLERS, "one", clock, Event())

    done = jobs.own(ben, asked[0].id)
    assert (done.state, done.result, done.fault) == (JobState.DONE, {"page": "/back"}, "")
    assert isinstance(counting.length(engine, ben, proof, clock()), Length)


def test_a_count_that_was_given_up_is_not_begun_again_by_looking(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock, counter: Counter
) -> None:
    proof = made(engine, cohort, HANDOUTS, clock, proof=True)
    counter.fault = Unavailable("Other documents are being made right now.")
    asked = counting.length(engine, ben, proof, clock())
    assert isinstance(asked, Job)
    jobs.cancel(engine, ben, asked.id)

    looked = counting.length(engine, ben, proof, clock())
    assert isinstance(looked, Job)
    assert (looked.id, looked.state) == (asked.id, JobState.CANCELLED)


def test_a_workbook_that_was_counted_is_there_at_once(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock
) -> None:
    choice = Choice(What.WORKBOOK)
    proof = made(engine, cohort, choice, clock, proof=True)
    assert isinstance(counting.length(engine, ben, proof, clock()), Job)
    do_jobs(engine, HANDLERS, "one", clock, Event())

    found = counting.length(engine, ben, proof, clock())
    assert isinstance(found, Length)
    delivered = prints.deliver(engine, ben, packs.to_print(made(engine, cohort, choice, clock)), clock())
    assert isinstance(delivered, bytes)
    assert read.pages(delivered) == found.pages


def test_nothing_that_anybody_wrote_is_in_any_pack(
    engine: Engine, cohort: Cohort, ben: Person, ada: Person, group: Mapping[str, str], clock: Clock
) -> None:
    run = stored_runs.get(members.one(cohort, ada.id).run)
    assert run is not None
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", {"warm-place": CANARY}, clock())
    writings.write_entry(engine, ada, run, CANARY, clock())

    for what in What:
        id = {What.WORKSHEET: "my-kitchen", What.SCRIPT: "stir-and-look"}.get(what, "")
        if what is What.CERTIFICATES:
            continue
        found = made(engine, cohort, Choice(what, 1, id, whom=Whom.ALL), clock)
        assert CANARY not in str(packs.to_print(found).values), what


def test_a_pack_with_names_is_sealed_and_its_facilitators_alone(
    engine: Engine, cohort: Cohort, ben: Person, cleo: Person, group: Mapping[str, str], clock: Clock
) -> None:
    wanted = packs.to_print(made(engine, cohort, HANDOUTS, clock))
    assert wanted.long
    asked = prints.deliver(engine, ben, wanted, clock())
    assert isinstance(asked, Job)
    do_jobs(engine, HANDLERS, "one", clock, Event())
    done = jobs.own(ben, asked.id)
    assert (done.state, done.fault) == (JobState.DONE, "")

    id = str(done.result["file"])
    name, document = prints.file(engine, ben, id)
    assert name == "handouts-1.pdf"
    assert "Olga" in read.text(document)
    with pytest.raises(NotFound):
        prints.file(engine, cleo, id)


def test_pressed_twice_it_is_one_job(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock
) -> None:
    asked = [
        prints.deliver(engine, ben, packs.to_print(made(engine, cohort, HANDOUTS, clock)), clock())
        for _twice in range(2)
    ]
    assert isinstance(asked[0], Job)
    assert isinstance(asked[1], Job)
    assert asked[0].id == asked[1].id
    assert len(jobs.under_way(ben)) == 1


def _leads_no_more(engine: Engine, cohort: Cohort, ben: Person, clock: Clock) -> None:
    """Another facilitator takes the group over, and Ben is out."""
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), frozenset({Role.FACILITATOR}))
    cohorts.share(engine, cohort, "ema@example.org", ben, clock())
    cohorts.stop_leading(engine, cohorts.led(ema, cohort.id), ben.id, ema, clock())


def test_a_pack_with_names_is_not_made_for_ben_who_leads_the_group_no_longer(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock
) -> None:
    asked = prints.deliver(engine, ben, packs.to_print(made(engine, cohort, HANDOUTS, clock)), clock())
    assert isinstance(asked, Job)
    _leads_no_more(engine, cohort, ben, clock)
    do_jobs(engine, HANDLERS, "one", clock, Event())
    done = jobs.own(ben, asked.id)
    assert (done.state, dict(done.result)) == (JobState.STOPPED, {})


def test_a_pack_with_names_is_not_handed_out_to_ben_who_leads_the_group_no_longer(
    engine: Engine, cohort: Cohort, ben: Person, group: Mapping[str, str], clock: Clock
) -> None:
    week = paper.week_print(engine, cohort, group["Olga"], 1, Paper(), clock())
    wanted = [packs.to_print(made(engine, cohort, HANDOUTS, clock)), week]
    kept = [prints.keep(engine, ben, one, b"%PDF", clock()).id for one in wanted]
    assert [prints.file(engine, ben, id)[1] for id in kept] == [b"%PDF"] * 2
    _leads_no_more(engine, cohort, ben, clock)
    for id in kept:
        with pytest.raises(NotFound):
            prints.file(engine, ben, id)


def _on_paper(engine: Engine, cohort: Cohort, ben: Person, clock: Clock, count: int) -> None:
    for number in range(count):
        members.add_on_paper(engine, cohort, f"Somebody {number}", ben, clock(), agreed=True)


@pytest.mark.parametrize("what", [What.WEEK, What.LOG, What.HANDOUTS])
def test_too_many_people_on_paper_are_refused_before_a_sheet_is_made_for_any(
    engine: Engine, cohort: Cohort, ben: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch, what: What
) -> None:
    _on_paper(engine, cohort, ben, clock, 3)
    monkeypatch.setattr(handouts, "MOST_COPIES", 2)
    worked: list[str] = []
    for name in ("week_of", "named", "whole_week", "log", "plan"):
        monkeypatch.setattr(handouts, name, lambda *_asked, name=name: worked.append(name))
    with pytest.raises(BadInput, match="at most 2 people"):
        made(engine, cohort, Choice(what, 1, whom=Whom.ALL), clock)
    assert worked == []
    assert t.PaperCode.select().count() == 0


def test_the_codes_of_many_take_as_many_statements_as_those_of_two(
    engine: Engine, cohort: Cohort, ben: Person, clock: Clock
) -> None:
    def statements() -> int:
        with engine.database.count_queries() as counted:
            found = made(engine, cohort, Choice(What.WEEK, 1, whom=Whom.ALL), clock)
        assert len({sheet.part.values["paper_code"] for sheet in found.sheets}) == len(found.sheets)
        return len(counted.statements)

    made(engine, cohort, Choice(What.WEEK, 1, whom=Whom.ME), clock)
    _on_paper(engine, cohort, ben, clock, 2)
    two = statements()
    _on_paper(engine, cohort, ben, clock, 6)
    assert statements() == two
    assert statements() < two


def test_a_code_that_another_sheet_has_already_is_made_anew(
    engine: Engine, cohort: Cohort, ben: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _on_paper(engine, cohort, ben, clock, 2)
    fresh = iter(["AAAAAB", "AAAAAB", "AAAAAC"])
    monkeypatch.setattr(paper, "new_code", lambda _signs: next(fresh))
    found = made(engine, cohort, Choice(What.WEEK, 1, whom=Whom.ALL), clock)
    assert {sheet.part.values["paper_code"] for sheet in found.sheets} == {"AAAAAB", "AAAAAC"}


@pytest.mark.parametrize("choice", CHOICES)
def test_a_pack_and_its_proof_are_counted_alike_without_making_it_twice(
    engine: Engine, cohort: Cohort, group: Mapping[str, str], clock: Clock, choice: Choice
) -> None:
    whole = packs.proof(made(engine, cohort, choice, clock))
    assert whole.parts == made(engine, cohort, choice, clock, proof=True).parts

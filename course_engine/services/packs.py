"""Packs: what a facilitator prints for a group, from tonight's handouts to a workbook for each.

Who has an account gets blank sheets. Who takes part on paper gets sheets with their name and the code by
which they come back. Nothing that anybody wrote is ever in a pack.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from course_engine.domain.cohorts import Cohort, all_ahead
from course_engine.domain.course import Course, Week
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.members import Member
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.rendering import pdf
from course_engine.rendering.packs import Part, pack_values
from course_engine.rendering.press import Tell
from course_engine.services import boards, cohorts, handouts, library, members
from course_engine.services.boards import Show, Wanted
from course_engine.services.choices import ONE_COPY, Choice, Order, What, Whom
from course_engine.services.handouts import Desk, Sheet
from course_engine.services.prints import Print


@dataclass(frozen=True, slots=True)
class Pack:
    """What will be printed: its sheets in order, for how many `people`, of whom some are `on_paper`.

    It is `own` where it holds names that are to be seen by those alone who lead the `cohort`.
    """

    title: str
    name: str
    language: str
    sheets: tuple[Sheet, ...]
    people: int
    on_paper: int
    sides: int
    booklet: bool
    own: bool
    cohort: str = ""
    run_on: bool = False

    @property
    def parts(self) -> list[Part]:
        """The same as the documents of a PDF."""
        return [sheet.part for sheet in self.sheets]


def pack(
    engine: Engine,
    cohort: Cohort | None,
    course: Course,
    choice: Choice,
    now: datetime,
    *,
    zone: str = "UTC",
    proof: bool = False,
) -> Pack:
    """What a choice comes to, for a group or for somebody in this `zone` alone.

    A `proof` is as long as the pack itself, and holds nobody's code.

    Raises BadInput, with a sentence for each field that cannot be used.
    """
    choice = choice.as_printed
    found = _people(engine, cohort, choice, now)
    _refuse_too_many(choice, found)
    desk = handouts.desk(engine, cohort, course, choice.paper, zone, proof=proof, names=choice.names)
    sheets = _sheets(desk, choice, found, now)
    made = Pack(
        title=_title(desk, choice),
        name=f"{choice.what.value}{f'-{choice.week}' if choice.what in _OF_A_WEEK else ''}.pdf",
        language=course.language,
        sheets=tuple(sheets),
        people=len(found),
        on_paper=len(_with_codes(choice, found)),
        sides=choice.sides,
        booklet=choice.booklet,
        own=any(sheet.named for sheet in sheets),
        cohort=cohort.id if cohort else "",
        run_on=choice.run_on,
    )
    _refuse_unprintable(made, choice)
    return made


def proof(made: Pack) -> Pack:
    """The same pack as it is counted: as long, and with nobody's code."""
    return replace(made, sheets=tuple(handouts.as_proof(sheet) for sheet in made.sheets))


def first(made: Pack) -> Pack:
    """Its first sheet alone, to look at."""
    on_paper = min(1, made.on_paper)
    return replace(made, sheets=(made.sheets[0].alone,), people=1, on_paper=on_paper, sides=1)


def to_print(made: Pack, pages: int = 0, back: str = "") -> Print:
    """The document of a pack; one sheet alone is the same document as anywhere else."""
    (only, *others) = made.sheets
    plain = only.part.copies == 1 and not others and made.sides == 1 and not made.booklet
    # Names are for those who lead the group, and so are the codes of people on paper.
    cohort = made.cohort if made.own or made.on_paper else ""
    if plain and not made.own:
        language = only.part.language or made.language
        return Print(
            only.part.kind, only.part.values, language, made.name, pages=pages, back=back, cohort=cohort
        )
    values = pack_values(
        made.parts,
        title=made.title,
        language=made.language,
        sides=made.sides,
        booklet=made.booklet,
        run_on=made.run_on,
    )
    return Print("pack", values, made.language, made.name, made.own, pages, back, cohort, people=made.people)


def session_pdf(
    engine: Engine, cohort: Cohort, choice: Choice, now: datetime, tell: Tell = lambda _percent: None
) -> bytes:
    """The handouts of a session, made while somebody waits. Raises NotFound, BadInput."""
    if not any(one.number == choice.week for one in cohorts.sessions(cohort)):
        raise NotFound(_("%(group)s has no session %(n)s.", group=cohort.name, n=choice.week))
    course = engine.shelf.course(cohort.edition, engine.config.locale)
    wanted = to_print(pack(engine, cohort, course, choice, now))
    return pdf.render_long(wanted.kind, wanted.values, wanted.language, tell).pdf


def expected(engine: Engine, cohort: Cohort, now: datetime) -> list[Member]:
    """Who can be expected at a session, by name: everybody who is not on hold and, from the second one on,
    has begun."""
    first = all_ahead(cohorts.sessions(cohort), now)
    away = {
        person
        for show in ((Show.ON_HOLD,) if first else (Show.ON_HOLD, Show.NOT_STARTED))
        for person in boards.people(engine, cohort, Wanted(show), now)
    }
    return [one for one in members.of(cohort) if one.id not in away]


_OF_A_WEEK = (What.HANDOUTS, What.WEEK, What.LOG, What.PLAN, What.SIGN_IN)
_CALLED = {
    What.HANDOUTS: mark("Week %(n)s handouts, %(group)s"),
    What.WEEK: mark("The whole of week %(n)s, %(group)s"),
    What.LOG: mark("Practice log of week %(n)s, %(group)s"),
    What.PLAN: mark("Plan of session %(n)s, %(group)s"),
    What.SIGN_IN: mark("Sign-in sheet of session %(n)s, %(group)s"),
    What.WORKBOOK: mark("Workbook, %(group)s"),
    What.CERTIFICATES: mark("Certificates, %(group)s"),
}
_WITH_CODES = (What.HANDOUTS, What.WEEK, What.WORKSHEET, What.SCRIPT, What.LOG)


def _people(engine: Engine, cohort: Cohort | None, choice: Choice, now: datetime) -> list[Member]:
    if cohort is None or choice.whom is Whom.ME or choice.what in ONE_COPY:
        return []
    if choice.whom is Whom.EXPECTED:
        found = expected(engine, cohort, now)
        fault = {"for": _("Nobody can be expected just now. Choose everybody, or people one by one.")}
    elif choice.whom is Whom.ALL:
        found = members.of(cohort)
        fault = {"for": _("Nobody is in this group yet. Print one for yourself, or bring people in first.")}
    else:
        found = [one for one in members.of(cohort) if one.id in choice.people]
        fault = {"people": _("Choose at least one person.")}
    if not found:
        raise BadInput(fault)
    return found


def _sheets(desk: Desk, choice: Choice, found: Sequence[Member], now: datetime) -> list[Sheet]:
    """The sheets of a choice: first what is there once, then what each person gets."""
    if choice.what is What.CERTIFICATES:
        return handouts.awarded(desk, found)
    week = _week(desk, choice) if choice.what in _OF_A_WEEK else None
    once: list[Sheet] = []
    if week is not None and (choice.what is What.PLAN or (choice.what is What.HANDOUTS and week.plans)):
        once.append(handouts.plan(desk, week))
    if week is not None and choice.what in (What.SIGN_IN, What.HANDOUTS) and desk.cohort is not None:
        names = [one.on_lists for one in expected(desk.engine, desk.cohort, now)]
        once.append(handouts.sign_in(desk, week.number, names))
    if choice.what in ONE_COPY:
        return once
    if week is not None and choice.what is What.HANDOUTS:
        once += handouts.scripts_of_session(desk, week)
    whole = week if choice.what in (What.HANDOUTS, What.WEEK) else None
    return once + _each(desk, choice, _blank(desk, choice, week), whole, found)


def _blank(desk: Desk, choice: Choice, week: Week | None) -> list[Sheet]:
    """What one person gets."""
    of_a_week: Mapping[What, Callable[[Week], list[Sheet]]] = {
        What.HANDOUTS: lambda week: handouts.of_session(desk, week, scripts=choice.scripts),
        What.WEEK: lambda week: [handouts.whole_week(desk, week)],
        What.LOG: lambda week: [handouts.log(desk, week)],
    }
    if week is not None:
        return of_a_week[choice.what](week)
    if choice.what is What.WORKBOOK:
        return [handouts.workbook(desk)]
    sheet = handouts.worksheet if choice.what is What.WORKSHEET else handouts.script
    return [sheet(desk, choice.id)]


def _each(
    desk: Desk, choice: Choice, blank: list[Sheet], week: Week | None, found: Sequence[Member]
) -> list[Sheet]:
    """Blank sheets for all with an account, and for each on paper those of their own.

    Where a whole `week` is at hand, people on paper get all of it, for they have no screen to look at.
    """
    named = _with_codes(choice, found)
    copies = len(found) - len(named) if found else 1
    for id in {sheet.week for sheet in blank} if week is None else {week.id}:
        desk.fetch_codes(named, id)
    sheets: list[Sheet] = []
    if copies and choice.order is Order.LEARNER:
        sheets += [sheet.times(copies, joined=place > 0) for place, sheet in enumerate(blank)]
    elif copies:
        sheets += [sheet.times(copies) for sheet in blank]
    for member in named:
        if week is not None:
            sheets.append(handouts.week_of(desk, member, week))
        else:
            sheets += [handouts.named(desk, member, sheet) for sheet in blank]
    return sheets


def _with_codes(choice: Choice, found: Sequence[Member]) -> list[Member]:
    return [one for one in found if one.on_paper] if choice.what in _WITH_CODES else []


def _week(desk: Desk, choice: Choice) -> Week:
    found = desk.course.week(choice.week)
    if found is None:
        raise BadInput({"week": _("Choose a week of this course.")})
    return found


def _title(desk: Desk, choice: Choice) -> str:
    """What a whole file is called, so that two of one group can be told apart where they are kept."""
    group = desk.cohort.name if desk.cohort else desk.course.title
    if choice.what in _CALLED:
        return _(_CALLED[choice.what], n=choice.week, group=group)
    found = library.used(desk.course, choice.id)
    return f"{found.title}, {group}" if found else group


def _refuse_too_many(choice: Choice, found: Sequence[Member]) -> None:
    """Raises BadInput before anything is made for them. Certificates are counted when they are known."""
    if choice.what is What.CERTIFICATES:
        return
    named = len(_with_codes(choice, found))
    handouts.refuse_too_many(max(named, len(found) - named))


def _refuse_unprintable(made: Pack, choice: Choice) -> None:
    """Raises BadInput for what rendering would refuse, at the field that can be changed."""
    handouts.refuse_too_many(max(len(made.sheets), *(sheet.part.copies for sheet in made.sheets)))
    try:
        to_print(made)
    except Refused as fault:
        raise BadInput({"booklet" if choice.booklet else "what": str(fault)}) from fault

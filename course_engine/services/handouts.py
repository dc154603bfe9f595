"""The sheets that a pack is made of: worksheets, scripts, home plans, weeks, logs, plans, certificates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.course import Course, Step, Week
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.members import Member
from course_engine.domain.plans import SessionPlan
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import there
from course_engine.rendering.books import book_values
from course_engine.rendering.logs import log_values
from course_engine.rendering.packs import MOST_COPIES, Part
from course_engine.rendering.paper import Paper
from course_engine.rendering.plans import plan_values
from course_engine.rendering.signing import GUESTS, sign_in_values
from course_engine.rendering.singles import home_values, script_values
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from course_engine.services import cohorts, help_lines, library, paper, prints
from course_engine.storage import certificates

PROOF = {"paper_code": "AAAAAA", "paper_name": "Somebody"}
_NO_RUN = "0" * 16


@dataclass(frozen=True, slots=True)
class Desk:
    """Where sheets are made: of which course, on which paper, for whom around `zone`, with which sessions.

    A `proof` names nobody. With `names` those on paper have theirs on every page.
    """

    engine: Engine
    cohort: Cohort | None
    course: Course
    paper: Paper
    zone: str
    sessions: tuple[Session, ...] = ()
    proof: bool = False
    names: bool = False
    _lines: dict[str, str] = field(default_factory=dict)
    _codes: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return self.engine.config.site_name

    @property
    def help(self) -> str:
        """The help lines for where the group is."""
        return self.help_in(self.zone)

    def help_in(self, zone: str) -> str:
        """The help lines for a zone: looked up once, however many people live there."""
        if zone not in self._lines:
            self._lines[zone] = help_lines.on_paper(self.engine, zone)
        return self._lines[zone]

    def fetch_codes(self, members: Iterable[Member], week: str) -> None:
        """Have the codes of these people on paper for a week at hand, all at once."""
        runs = [one.run for one in members]
        if runs and not self.proof:
            known = paper.codes_of(self.engine, runs, week)
            self._codes.update({(run, week): code for run, code in known.items()})

    def code(self, run: str, week: str) -> str:
        """The code of a run for a week."""
        if (run, week) not in self._codes:
            self._codes.update({(run, week): paper.codes_of(self.engine, [run], week)[run]})
        return self._codes[run, week]


def desk(
    engine: Engine,
    cohort: Cohort | None,
    course: Course,
    paper: Paper,
    zone: str,
    *,
    proof: bool,
    names: bool = False,
) -> Desk:
    """A desk for a group, or for somebody in this zone who prints for themselves."""
    meetings = tuple(cohorts.sessions(cohort)) if cohort else ()
    return Desk(engine, cohort, course, paper, cohort.zone if cohort else zone, meetings, proof, names)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document of a pack, with words for who looks through the pack.

    It belongs to the `week` with this id, if to any. It is `named` if there are people's names on it.
    """

    title: str
    part: Part
    week: str = ""
    named: bool = False

    @property
    def alone(self) -> "Sheet":
        """One copy of it."""
        return replace(self, part=replace(self.part, copies=1, joined=False))

    def times(self, copies: int, *, joined: bool = False) -> "Sheet":
        """So many copies; `joined` ones go with the sheet before."""
        return replace(self, part=replace(self.part, copies=copies, joined=joined))


def refuse_too_many(copies: int) -> None:
    """Raises BadInput for more copies or sheets than one file holds."""
    if copies > MOST_COPIES:
        raise BadInput(
            {"for": _("One file holds sheets for at most %(most)s people. Choose fewer.", most=MOST_COPIES)}
        )


def as_proof(sheet: Sheet) -> Sheet:
    """The same sheet as a proof has it: as long, with nobody's code, name or run on it."""
    values = sheet.part.values
    if "paper_code" not in values:
        return sheet
    plain = {**values, **PROOF}
    if sheet.part.kind == "week" and (parts := str(values["address"]).rpartition("/weeks/"))[1]:
        plain["address"] = f"{parts[0].rpartition('/')[0]}/{_NO_RUN}/weeks/{parts[2]}"
    return replace(sheet, part=replace(sheet.part, values=plain))


def of_session(desk: Desk, week: Week, *, scripts: bool = False) -> list[Sheet]:
    """What the plan of a session hands out: worksheets, the home plan, and its `scripts` if asked for.

    Without a plan these are the worksheets of its week and its home plan.
    """
    sheets = [_handout(desk, one) for one in _used(desk, week) if scripts or not _is_script(one)]
    return [sheet for sheet in sheets if sheet is not None]


def scripts_of_session(desk: Desk, week: Week) -> list[Sheet]:
    """What the plan of a session reads aloud, for whoever leads it: one after the other, once."""
    found = [script(desk, one.id) for one in _used(desk, week) if _is_script(one)]
    return [one.times(1, joined=place > 0) for place, one in enumerate(found)]


def session(desk: Desk, number: int) -> Session | None:
    """The session of a week, if the group has one."""
    return next((one for one in desk.sessions if one.number == number), None)


def is_short(plan: SessionPlan, held: Session | None) -> bool:
    """Whether only the shorter form of a plan fits into the minutes of its session."""
    return held is not None and plan.has_short_form and plan.minutes > held.minutes


def plan(desk: Desk, week: Week) -> Sheet:
    """The facilitator's plan, in the form that fits. Raises BadInput where the week has none."""
    found = next(iter(week.plans), None)
    if found is None:
        raise BadInput({"week": _("This course has no plan for this week. Choose another one.")})
    held = session(desk, week.number)
    values = plan_values(
        desk.course,
        found.id,
        site=desk.site,
        paper=desk.paper,
        short=is_short(found, held),
        begins=held.starts_at if held else None,
        zone=desk.zone,
    )
    return Sheet(_("Your plan: %(title)s", title=found.title), Part("plan", values))


def sign_in(desk: Desk, number: int, names: Sequence[str]) -> Sheet:
    """The sheet on which those who come sign, with an empty row for each who is known by no name yet.

    Raises BadInput where the group has no such session.
    """
    named = [name for name in names if name]
    held, cohort = session(desk, number), desk.cohort
    if held is None or cohort is None:
        raise BadInput({"week": _("There is no session in this week. Choose another one.")})
    values = sign_in_values(
        desk.course,
        site=desk.site,
        cohort=cohort.name,
        number=number,
        when=there(held.starts_at, cohort.zone),
        where=cohort.place,
        people=named,
        guests=GUESTS + len(names) - len(named),
        code=held.code or "",
        address=f"{desk.engine.config.base_url}/today" if held.code else "",
        paper=desk.paper,
    )
    return Sheet(_("Sign-in sheet"), Part("sign-in", values), named=bool(named))


def worksheet(desk: Desk, id: str) -> Sheet:
    """A blank worksheet. Raises BadInput for one that the course does not have."""
    try:
        values = worksheet_values(desk.course, id, site=desk.site, paper=desk.paper, help=desk.help)
    except NotFound as fault:
        raise BadInput({"worksheet": _("Choose a worksheet of this course.")}) from fault
    week = desk.course.week_of[desk.course.worksheets[id].id]
    return Sheet(str(values["title"]), Part("worksheet", values), week.id)


def script(desk: Desk, id: str) -> Sheet:
    """The script of a practice. Raises BadInput for one that the course does not have."""
    found = library.used(desk.course, id)
    if not isinstance(found, Step) or found.practice is None:
        raise BadInput({"script": _("Choose a practice of this course.")})
    values = script_values(desk.course, found, site=desk.site, paper=desk.paper, help=desk.help)
    week = desk.course.week_of[found.id]
    return Sheet(_("Script: %(title)s", title=found.title), Part("single", values), week.id)


def home(desk: Desk, week: Week) -> Sheet:
    """The plan for the days at home."""
    values = home_values(desk.course, week, site=desk.site, paper=desk.paper, help=desk.help)
    return Sheet(week.home_title, Part("single", values))


def log(desk: Desk, week: Week) -> Sheet:
    """An empty log for the practices of a week."""
    values = log_values(desk.course, week, site=desk.site, paper=desk.paper, help=desk.help)
    return Sheet(_("Practice log: %(title)s", title=week.title), Part("log", values), week.id)


def workbook(desk: Desk) -> Sheet:
    """The whole course as a book."""
    values = book_values(desk.course, site=desk.site, paper=desk.paper, help=desk.help)
    return Sheet(_("Workbook"), Part("book", values))


def whole_week(desk: Desk, week: Week) -> Sheet:
    """A whole week, blank."""
    values = week_values(desk.course, week, site=desk.site, paper=desk.paper, help=desk.help)
    return Sheet(_("The whole week: %(title)s", title=week.title), Part("week", values), week.id)


def week_of(desk: Desk, member: Member, week: Week) -> Sheet:
    """A whole week for someone on paper, in their language, with their name and code on it."""
    course = desk.engine.shelf.course(desk.cohort.edition if desk.cohort else "", member.language)
    own = course.week(week.number) or week
    run = _NO_RUN if desk.proof else member.run
    address = f"{desk.engine.config.base_url}/runs/{run}/weeks/{own.number}"
    values = week_values(
        course, own, site=desk.site, paper=desk.paper, address=address, help=desk.help_in(member.zone)
    )
    title = _("The whole week for %(name)s, on paper", name=member.name)
    coded = {**values, **_code(desk, member, own.id)}
    return Sheet(title, Part("week", coded, language=course.language), week.id, named=True)


def named(desk: Desk, member: Member, sheet: Sheet) -> Sheet:
    """A sheet for someone on paper, with their name and the code of its week."""
    values = {**sheet.part.values, **_code(desk, member, sheet.week)}
    title = _("%(sheet)s, for %(name)s", sheet=sheet.title, name=member.name)
    part = replace(sheet.part, values=values, copies=1, joined=False)
    return Sheet(title, part, sheet.week, named=True)


def awarded(desk: Desk, found: Iterable[Member]) -> list[Sheet]:
    """The certificates that these people hold. Raises BadInput where there is none, or too many."""
    made = certificates.valid_of([member.run for member in found])
    if not made:
        raise BadInput({"what": _("Nobody among them holds a certificate yet.")})
    refuse_too_many(len(made))
    sheets = []
    for one in made:
        wanted = prints.certificate(desk.engine, one, desk.paper)
        part = Part(wanted.kind, wanted.values, language=wanted.language)
        title = _("Certificate of %(name)s", name=one.frozen["name"])
        sheets.append(Sheet(title, part, named=True))
    return sheets


def _used(desk: Desk, week: Week) -> list[Step | Week]:
    """What the plan of a session uses, in its order and each once."""
    plan = next(iter(week.plans), None)
    if plan is None:
        sheets: list[Step | Week] = [step for step in week.steps if step.worksheet]
        return [*sheets, week] if week.home_html else sheets
    short = is_short(plan, session(desk, week.number))
    uses = dict.fromkeys(id for timed in plan.running(short=short) for id in timed.part.uses)
    return list(dict.fromkeys(one for id in uses if (one := library.used(desk.course, id)) is not None))


def _is_script(one: Step | Week) -> bool:
    return isinstance(one, Step) and one.worksheet is None and one.practice is not None


def _handout(desk: Desk, one: Step | Week) -> Sheet | None:
    if isinstance(one, Week):
        return home(desk, one)
    if one.worksheet is not None:
        return worksheet(desk, one.worksheet.id)
    return script(desk, one.id) if one.practice is not None else None


def _code(desk: Desk, member: Member, week: str) -> Mapping[str, object]:
    """What stands in the head of the pages of someone on paper."""
    told = {} if not desk.names else {"paper_named": True}
    if desk.proof:
        return {**PROOF, **told}
    return {"paper_code": desk.code(member.run, week), "paper_name": member.called, **told}

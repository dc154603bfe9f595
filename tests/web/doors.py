"""Every address of the site with who may use it, and what is needed to knock at each.

A row says what each of six people gets, in this order: nobody signed in, Ada (whose things the addresses
name), Cleo (a learner like her), Ben (who leads Ada's cohort), Ema (who leads another one), Dov (the admin).
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from itsdangerous import URLSafeSerializer

from course_engine.crypto import digest, new_id
from course_engine.domain.calendar import local_day
from course_engine.domain.certificates import Certificate
from course_engine.domain.changes import Change, Deed
from course_engine.domain.cohorts import Cohort, ContactRequest, Present, weekly
from course_engine.domain.errors import Refused
from course_engine.domain.messages import Message
from course_engine.domain.pace import By, Override, OverrideKind, PaceKind
from course_engine.domain.people import Device, Person, Scope
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import (
    attendance,
    certificates,
    changes,
    cohorts,
    contacts,
    help_lines,
    invitations,
    jobs,
    messages,
    moments,
    new_passwords,
    overrides,
    people,
    runs,
    tokens,
    writings,
)
from course_engine.storage import devices, files
from tests.cast import BREAD, PASSWORD, ZONE, Clock, add_person, do
from tests.web import awarding_doors, entrances, offices, publishing_doors

PUBLIC = (200, 200, 200, 200, 200, 200)
SENT = (303, 303, 303, 303, 303, 303)
WHOEVER_HAS_AN_ACCOUNT = (401, 200, 200, 200, 200, 200)
CHANGE_OF_ACCOUNT = (401, 303, 303, 303, 303, 303)
VISITORS = (200, 302, 302, 302, 302, 302)
OWN_RUN = (401, 200, 200, 404, 404, 404)
CHANGE_OF_OWN_RUN = (401, 303, 303, 404, 404, 404)
ADAS = (401, 200, 404, 404, 404, 404)
CHANGE_OF_ADAS = (401, 303, 404, 404, 404, 404)
FACILITATORS = (401, 404, 404, 200, 200, 404)
COHORT = (401, 404, 404, 200, 404, 404)
CHANGE_OF_COHORT = (401, 404, 404, 303, 404, 404)
ADMINS = (401, 404, 404, 404, 404, 200)
CHANGE_OF_ADMIN = (401, 404, 404, 404, 404, 303)

DOORS: dict[str, tuple[int, ...]] = {
    "GET /": (200, 302, 302, 302, 302, 302),
    "GET /steady": PUBLIC,
    "GET /help": PUBLIC,
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /sign-in": VISITORS,
    "POST /sign-in": SENT,
    "POST /sign-out": CHANGE_OF_ACCOUNT,
    "GET /sign-up": VISITORS,
    "POST /sign-up": PUBLIC,
    "GET /sign-up/name": PUBLIC,
    "POST /sign-up/name": PUBLIC,
    "GET /sign-up/link/<token>": PUBLIC,
    "POST /sign-up/link/<token>": SENT,
    "GET /reset": PUBLIC,
    "POST /reset": PUBLIC,
    "GET /reset/<token>": PUBLIC,
    "POST /reset/<token>": SENT,
    "GET /recover": PUBLIC,
    "POST /recover": PUBLIC,
    "GET /join": PUBLIC,
    "GET /join/begin": WHOEVER_HAS_AN_ACCOUNT,
    "GET /me": WHOEVER_HAS_AN_ACCOUNT,
    "POST /me/name": CHANGE_OF_ACCOUNT,
    "POST /me/password": CHANGE_OF_ACCOUNT,
    "POST /me/devices": CHANGE_OF_ACCOUNT,
    "POST /me/devices/<id>": CHANGE_OF_ADAS,
    "POST /me/code": WHOEVER_HAS_AN_ACCOUNT,
    "POST /me/tokens": WHOEVER_HAS_AN_ACCOUNT,
    "POST /me/tokens/<id>": CHANGE_OF_ADAS,
    "POST /me/pace": (401, 409, 303, 404, 404, 404),
    "POST /me/paper": (401, 409, 303, 404, 404, 404),
    "POST /me/zone": CHANGE_OF_ACCOUNT,
    "POST /me/language": CHANGE_OF_ACCOUNT,
    "POST /me/theme": CHANGE_OF_ACCOUNT,
    "POST /me/run": CHANGE_OF_ADAS,
    "GET /today": (401, 200, 200, 302, 302, 302),
    "GET /course": OWN_RUN,
    "GET /weeks/<int:number>": OWN_RUN,
    "GET /weeks/<int:number>.pdf": OWN_RUN,
    "GET /steps/<step>": OWN_RUN,
    "POST /steps/<step>/done": CHANGE_OF_OWN_RUN,
    "GET /steps/<step>/moment": OWN_RUN,
    "POST /steps/<step>/moment": CHANGE_OF_OWN_RUN,
    "GET /steps/<step>/moments/<kept>/delete": ADAS,
    "POST /steps/<step>/moments/<kept>/delete": CHANGE_OF_ADAS,
    "GET /worksheets/<id>": OWN_RUN,
    "POST /worksheets/<id>": CHANGE_OF_OWN_RUN,
    "GET /worksheets/<id>.pdf": OWN_RUN,
    "GET /pages/<id>": OWN_RUN,
    "GET /evidence": OWN_RUN,
    "GET /journal": WHOEVER_HAS_AN_ACCOUNT,
    "POST /journal": CHANGE_OF_OWN_RUN,
    "GET /journal/<entry>/delete": ADAS,
    "POST /journal/<entry>/delete": CHANGE_OF_ADAS,
    "GET /certificate": OWN_RUN,
    "POST /certificate": (401, 303, 409, 404, 404, 404),
    "GET /certificate.pdf": ADAS,
    "GET /workbook.pdf": CHANGE_OF_OWN_RUN,
    "GET /runs/<run>/today": ADAS,
    "GET /runs/<run>/course": ADAS,
    "GET /runs/<run>/weeks/<int:number>": ADAS,
    "GET /runs/<run>/weeks/<int:number>.pdf": ADAS,
    "GET /runs/<run>/steps/<step>": ADAS,
    "POST /runs/<run>/steps/<step>/done": CHANGE_OF_ADAS,
    "GET /runs/<run>/steps/<step>/moment": ADAS,
    "POST /runs/<run>/steps/<step>/moment": CHANGE_OF_ADAS,
    "GET /runs/<run>/steps/<step>/moments/<kept>/delete": ADAS,
    "POST /runs/<run>/steps/<step>/moments/<kept>/delete": CHANGE_OF_ADAS,
    "GET /runs/<run>/worksheets/<id>": ADAS,
    "POST /runs/<run>/worksheets/<id>": CHANGE_OF_ADAS,
    "GET /runs/<run>/worksheets/<id>.pdf": ADAS,
    "GET /runs/<run>/pages/<id>": ADAS,
    "GET /runs/<run>/evidence": ADAS,
    "GET /runs/<run>/journal": ADAS,
    "POST /runs/<run>/journal": CHANGE_OF_ADAS,
    "GET /runs/<run>/journal/<entry>/delete": ADAS,
    "POST /runs/<run>/journal/<entry>/delete": CHANGE_OF_ADAS,
    "GET /runs/<run>/certificate": ADAS,
    "POST /runs/<run>/certificate": CHANGE_OF_ADAS,
    "GET /runs/<run>/certificate.pdf": ADAS,
    "GET /runs/<run>/workbook.pdf": CHANGE_OF_ADAS,
    "GET /print/test.pdf": WHOEVER_HAS_AN_ACCOUNT,
    "GET /jobs/<id>": ADAS,
    "POST /jobs/<id>/cancel": CHANGE_OF_ADAS,
    "POST /jobs/<id>/again": CHANGE_OF_ADAS,
    "GET /files/<id>": ADAS,
    "GET /cohorts": FACILITATORS,
    "GET /cohorts/new": FACILITATORS,
    "POST /cohorts/new": (401, 404, 404, 303, 303, 404),
    "GET /cohorts/first": (401, 404, 404, 302, 302, 404),
    "GET /cohorts/<id>": COHORT,
    "GET /cohorts/<id>/board.csv": COHORT,
    "GET /cohorts/<id>/change": COHORT,
    "POST /cohorts/<id>/change": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/undo": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/figures": COHORT,
    "GET /cohorts/<id>/figures.csv": COHORT,
    "GET /cohorts/<id>/people/<person>": COHORT,
    "GET /api/v1/cohorts": FACILITATORS,
    "GET /api/v1/cohorts/<id>/board": COHORT,
    "GET /api/v1/cohorts/<id>/invitations": COHORT,
    "POST /api/v1/cohorts/<id>/invitations": COHORT,
    "DELETE /api/v1/cohorts/<id>/invitations/<code>": (401, 404, 404, 204, 404, 404),
    "POST /hold/end": (401, 303, 409, 404, 404, 404),
    "POST /runs/<run>/hold/end": (401, 303, 404, 404, 404, 404),
    "GET /cohorts/<id>/sessions": COHORT,
    "GET /cohorts/<id>/sessions/<int:number>": COHORT,
    "GET /cohorts/<id>/sessions/<int:number>/lead": COHORT,
    "POST /cohorts/<id>/sessions/<int:number>/code": CHANGE_OF_COHORT,
    # The room counts what it shows, so that this document is known to be short; the handouts of another
    # session are not counted yet, so they are made as a job.
    "GET /cohorts/<id>/print": COHORT,
    "GET /cohorts/<id>/print.pdf": COHORT,
    "GET /cohorts/<id>/sessions/<int:number>.pdf": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/attendance": COHORT,
    "POST /cohorts/<id>/attendance": CHANGE_OF_COHORT,
    "POST /present": (401, 303, 303, 404, 404, 404),
    "GET /cohorts/<id>/contact": COHORT,
    "POST /cohorts/<id>/contact/<request_id>": CHANGE_OF_COHORT,
    "GET /contact": ADAS,
    "GET /messages": ADAS,
    "GET /cohorts/<id>/messages": COHORT,
    "POST /cohorts/<id>/messages": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/messages/<message>": COHORT,
    "POST /cohorts/<id>/messages/<message>": CHANGE_OF_COHORT,
    "POST /contact": (401, 200, 404, 404, 404, 404),
    "GET /cohorts/<id>/calendar": COHORT,
    "POST /cohorts/<id>/calendar": CHANGE_OF_COHORT,
    "GET /cohorts/<id>/settings": COHORT,
    "POST /cohorts/<id>/settings": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/leaders": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/leaders/<person>": CHANGE_OF_COHORT,
    "POST /cohorts/<id>/end": CHANGE_OF_COHORT,
    "GET /library": FACILITATORS,
    "GET /library/<course>": FACILITATORS,
    "GET /library/<course>/workbook.pdf": (401, 404, 404, 303, 303, 404),
    "GET /library/<course>/print": FACILITATORS,
    "GET /library/<course>/print.pdf": FACILITATORS,
    "GET /library/<course>/plans/<id>": FACILITATORS,
    "GET /library/<course>/plans/<id>.pdf": FACILITATORS,
    "GET /library/<course>/steps/<id>": FACILITATORS,
    "GET /library/<course>/worksheets/<id>": FACILITATORS,
    "GET /library/<course>/worksheets/<id>.pdf": FACILITATORS,
    "GET /library/<course>/pages/<id>": FACILITATORS,
    "GET /library/<course>/evidence": FACILITATORS,
    **offices.OFFICES,
    **publishing_doors.PUBLISHING,
    "GET /admin/help-lines": ADMINS,
    "POST /admin/help-lines/confirm": CHANGE_OF_ADMIN,
    "POST /admin/help-lines/take-back": CHANGE_OF_ADMIN,
    "GET /verify": PUBLIC,
    "POST /verify": SENT,
    "GET /verify/<code>": PUBLIC,
    "GET /api/openapi.json": PUBLIC,
    "GET /api/v1/certificates/<code>": PUBLIC,
    "GET /api/v1/me": WHOEVER_HAS_AN_ACCOUNT,
    "POST /api/v1/me/language": WHOEVER_HAS_AN_ACCOUNT,
    "GET /api/v1/me/course": OWN_RUN,
    "POST /api/v1/me/steps/<step>/completion": OWN_RUN,
    "GET /api/v1/me/worksheets/<id>.pdf": OWN_RUN,
    "GET /api/v1/me/jobs/<id>": ADAS,
    "GET /api/v1/me/files/<id>": ADAS,
    "GET /api/v1/me/certificate": ADAS,
    **entrances.ENTRANCES,
    **awarding_doors.AWARDS,
    # Last, because whoever knocks here has begun a course.
    "POST /join/begin": CHANGE_OF_ACCOUNT,
    **entrances.COMING_IN,
}
NOT_A_FORM = {
    "POST /api/v1/me/steps/<step>/completion": {"how": "done"},
    "POST /api/v1/me/language": {"language": "es"},
    "POST /api/v1/cohorts/<id>/invitations": {"role": "facilitator"},
}


@dataclass(frozen=True, slots=True)
class Site:
    """Ada at the end of the course in Ben's cohort, Cleo alone in her first week, and their neighbours."""

    engine: Engine
    clock: Clock
    ada: Person
    cleo: Person
    ben: Person
    ema: Person
    dov: Person
    gil: Person
    cohort: Cohort
    request: ContactRequest
    message: Message
    run: Run
    certificate: Certificate
    numbers: "count[int]"

    @property
    def actors(self) -> tuple[Person | None, ...]:
        return (None, self.ada, self.cleo, self.ben, self.ema, self.dov)

    def path(self, rule: str, actor: Person | None) -> str:
        """The address of a rule, about Ada's things."""
        entrance = entrances.path(self, rule) or offices.path(self, rule)
        entrance = entrance or awarding_doors.path(self, rule) or publishing_doors.path(self, rule)
        if entrance is not None:
            return entrance
        filled = (
            rule.replace("<run>", self.run.id).replace("<int:number>", "1").replace("<step>", "what-lives")
        )
        filled = filled.replace("<code>", self.certificate.code).replace("<course>", BREAD)
        if "<entry>" in filled:
            filled = filled.replace("<entry>", self._entry())
        if "<kept>" in filled:
            filled = filled.replace("<kept>", self._moment())
        for kind, id in (("pages", "hot-things"), ("plans", "session-1"), (f"{BREAD}/steps", "what-lives")):
            filled = filled.replace(f"{kind}/<id>", f"{kind}/{id}")
        if "worksheets/<id>" in filled:
            filled = filled.replace("<id>", "my-kitchen")
        if rule == "/cohorts/<id>/people/<person>":
            return filled.replace("<id>", self.cohort.id).replace("<person>", self.ada.id)
        if rule == "/api/v1/cohorts/<id>/invitations/<code>":
            code = invitations.make(self.engine, self.cohort, Role.FACILITATOR, self.ben, self.clock()).code
            return rule.replace("<id>", self.cohort.id).replace("<code>", code)
        if rule.startswith(("/cohorts/<id>", "/api/v1/cohorts/<id>")):
            return (
                filled.replace("<id>", self.cohort.id)
                .replace("<person>", self.gil.id)
                .replace("<request_id>", self.request.id)
                .replace("<message>", self.message.id)
            )
        made: Mapping[str, Callable[[], str]] = {
            "/me/devices/<id>": self._device,
            "/me/tokens/<id>": self._token,
            "/jobs/<id>": self._job,
            "/jobs/<id>/cancel": self._job,
            "/jobs/<id>/again": self._job,
            "/files/<id>": self._file,
            "/api/v1/me/jobs/<id>": self._job,
            "/api/v1/me/files/<id>": self._file,
            "/sign-up/link/<token>": self._link,
            "/reset/<token>": self._reset,
        }
        if rule in made:
            filled = filled.replace("<id>", "<token>").replace("<token>", made[rule]())
        return filled

    def form(self, rule: str, actor: Person | None) -> dict[str, Any]:
        """What someone who may use this address would send."""
        entering = entrances.form(self, rule)
        entering = offices.form(rule) if entering is None else entering
        entering = awarding_doors.form(self, rule) if entering is None else entering
        entering = publishing_doors.form(self, rule) if entering is None else entering
        if entering is not None:
            return entering
        account = {"name": "Somebody", "email": f"name-{next(self.numbers)}", "password": PASSWORD}
        address = (actor or self.ada).email or ""
        forms: dict[str, Callable[[], dict[str, str]]] = {
            "/sign-in": lambda: {"email": address, "password": PASSWORD},
            "/sign-up": lambda: {"email": "someone@example.org"},
            "/sign-up/name": lambda: account,
            "/sign-up/link/<token>": lambda: {"name": "Somebody", "password": PASSWORD},
            "/reset": lambda: {"email": "ada@example.org"},
            "/reset/<token>": lambda: {"password": PASSWORD},
            "/recover": self._recovery,
            "/join/begin": lambda: {"course": BREAD, "agree": "yes", "pace": "free", "zone": ZONE},
            "/me/name": lambda: {"name": actor.name if actor else "Ada"},
            "/me/password": lambda: {"old_password": PASSWORD, "password": PASSWORD},
            "/me/tokens": lambda: {"token_name": "A clock", "scope": "read"},
            "/me/pace": lambda: {"pace": "gentle"},
            "/me/paper": lambda: {"paper": "yes"},
            "/me/zone": lambda: {"zone": ZONE},
            "/me/theme": lambda: {"theme": "dark"},
            "/me/language": lambda: {"language": "es"},
            "/me/run": lambda: {"run": self.run.id},
            "/journal": lambda: {"text": "A quiet morning."},
            "/certificate": lambda: {"name": "Ada"},
            "/steps/<step>/done": lambda: {"how": "done"},
            "/steps/<step>/moment": lambda: {"moment": "warm"},
            "/worksheets/<id>": lambda: {"warm-place": "the shelf"},
            "/verify": lambda: {"code": self.certificate.code},
            "/admin/help-lines/confirm": self._line,
            "/admin/help-lines/take-back": self._line,
            "/cohorts/new": self._new_cohort,
            "/cohorts/<id>/calendar": self._calendar,
            "/cohorts/<id>/settings": lambda: {"name": "Ben's Mondays", "seats": "12"},
            "/cohorts/<id>/leaders": lambda: {"address": "gil@example.org"},
            "/cohorts/<id>/end": lambda: {"back": "yes"},
            "/cohorts/<id>/change": self._change,
            "/cohorts/<id>/undo": self._undo,
            "/hold/end": lambda: self._hold(actor),
            "/cohorts/<id>/attendance": lambda: {"session": "1", f"present-{self.ada.id}": "present"},
            "/present": lambda: {"code": "ABCD"},
            "/cohorts/<id>/messages": lambda: {"subject": "Soon", "text": "See you soon."},
            "/cohorts/<id>/messages/<message>": lambda: {"act": "change", "subject": "Soon", "text": "Soon."},
            "/contact": lambda: {"text": "Could we talk?"},
            "/cohorts/<id>/contact/<request_id>": lambda: {"state": "seen"},
        }
        return forms.get(rule.removeprefix("/runs/<run>"), dict)()

    def _new_cohort(self) -> dict[str, str]:
        later = self.clock() + timedelta(days=100 + next(self.numbers), hours=next(self.numbers) % 8)
        first = datetime.combine(later.date(), time(later.hour, later.minute), ZoneInfo(ZONE))
        dates = weekly("", (1, 2, 3), first, ZONE, 10)
        seen = "|".join(f"{one.number},{one.starts_at.timestamp():.0f},10" for one in dates)
        return {
            "course": BREAD, "name": "Another", "first": f"{later:%Y-%m-%d}", "hour": f"{later:%H:%M}",
            "minutes": "10", "zone": ZONE, "act": "create", "seen": seen,
        }  # fmt: skip

    def _change(self) -> dict[str, str]:
        return {"what": "open", "week": "1", "who": self.ada.id, "act": "keep", "seen": "open|1||"}

    def _hold(self, actor: Person | None) -> dict[str, str]:
        """A hold of Ada's own, from which she can come back."""
        if actor == self.ada:
            hold = Override(OverrideKind.HOLD, self.clock(), by=By.LEARNER)
            with suppress(Refused):  # she is on hold already
                overrides.add(self.engine, self.run, hold, self.ada, "", self.clock())
        return {}

    def _undo(self) -> dict[str, str]:
        """A change for somebody new in Ada's cohort, to be taken back."""
        now = self.clock()
        kim = people.add(self.engine, "Kim", f"kim-{next(self.numbers)}@example.org", PASSWORD, now)
        cohorts.add_member(self.engine, self.cohort, kim, now)
        made = changes.make(self.engine, self.cohort, [kim.id], Change(Deed.HOLD, now), self.ben, "", now)
        return {"batch": made.batch}

    def _calendar(self) -> dict[str, str]:
        return {
            f"{name}-{one.number}": value
            for one in cohorts.sessions(self.cohort)
            for name, value in (
                ("day", local_day(one.starts_at, ZONE).isoformat()),
                ("hour", f"{one.starts_at.astimezone(ZoneInfo(ZONE)):%H:%M}"),
                ("minutes", str(one.minutes)),
            )
        }

    def _line(self) -> dict[str, str]:
        return {"digest": help_lines.offered(self.engine)[0].line.digest}

    def _moment(self) -> str:
        moments.keep(self.engine, self.ada, self.run, "what-lives", "warm", "A note.", self.clock())
        return moments.of_step(self.engine, self.ada, "what-lives")[0].id

    def _entry(self) -> str:
        return writings.write_entry(self.engine, self.ada, self.run, "A quiet morning.", self.clock())

    def _device(self) -> str:
        now = self.clock()
        device = Device(new_id(), self.ada.id, "A tablet", now, now, now.replace(year=now.year + 1))
        with self.engine.database.transaction():
            devices.add(device, digest(device.id))
        return device.id

    def _token(self) -> str:
        return tokens.make(self.engine, self.ada, "A clock", Scope.READ, self.clock())[0].id

    def _job(self) -> str:
        with self.engine.database.transaction():
            return jobs.ask(self.engine, "print", self.ada, {"order": "none"}, 1, self.clock()).id

    def _file(self) -> str:
        id = new_id()
        kept = files.File(id, digest(id), "application/pdf", "mine.pdf", b"%PDF", self.ada.id, self.clock())
        with self.engine.database.transaction():
            files.keep(kept)
        return id

    def _link(self) -> str:
        signer = URLSafeSerializer(self.engine.config.secret_key, salt="sign up")
        until = (self.clock() + timedelta(days=1)).timestamp()
        return str(signer.dumps([f"new-{next(self.numbers)}@example.org", until]))

    def _reset(self) -> str:
        address = f"forgot-{next(self.numbers)}@example.org"
        people.add(self.engine, "Somebody", address, PASSWORD, self.clock())
        letter = new_passwords.ask_link(self.engine, address, self.clock())
        assert letter is not None
        return letter.text.partition("/reset/")[2].split()[0]

    def _recovery(self) -> dict[str, str]:
        name = f"paper-{next(self.numbers)}"
        person = people.add_named(self.engine, "Somebody", name, PASSWORD, self.clock())
        code = new_passwords.new_code_on_paper(self.engine, person, self.clock())
        return {"email": name, "code": code, "password": PASSWORD}


def furnish(engine: Engine, clock: Clock) -> Site:
    """A site in which every address leads somewhere."""
    ada, ben, cleo, dov = (add_person(engine, name, clock()) for name in ("Ada", "Ben", "Cleo", "Dov"))
    leads = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), leads, zone=ZONE)
    gil = people.add(engine, "Gil", "gil@example.org", PASSWORD, clock(), leads, zone=ZONE)
    group = cohorts.add(engine, ben, BREAD, "Ben's Mondays", clock(), ZONE, 90, clock())
    group = cohorts.led(ben, group.id)
    cohorts.add(engine, ema, BREAD, "Ema's Tuesdays", clock(), ZONE, 90, clock())
    run = cohorts.add_member(engine, group, ada, clock())
    runs.join_alone(engine, cleo, BREAD, PaceKind.WEEKLY, clock())
    for number, steps in enumerate((WEEK_1, WEEK_2, WEEK_3), 1):
        attendance.attend(engine, group, number, ada.id, Present.PRESENT, ben, clock.move(hours=2))
        do(engine, ada, run, clock(), *steps)
        clock.move(days=7)
    asked = contacts.ask(engine, ada, group, "Could we talk?", clock())
    drafted = messages.write(engine, group, "Soon", "See you soon.", ben, clock())
    made = certificates.award(engine, ada, runs.own(engine, ada, run.id), "Ada", clock())
    return Site(engine, clock, ada, cleo, ben, ema, dov, gil, group, asked, drafted, run, made, count())


WEEK_1 = ("what-lives", "day-four", "stir-and-look", "check-in-1")
WEEK_2 = ("four-signs", "fold-a-dough", "check-in-2")
WEEK_3 = ("mix-and-fold", "bake-and-wait", "listen-to-the-crust", "check-in-3")

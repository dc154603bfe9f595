"""Every address of the site with who may use it, and what is needed to knock at each.

A row says what each of six people gets, in this order: nobody signed in, Ada (whose things the addresses
name), Cleo (a learner like her), Ben (who leads Ada's cohort), Ema (who leads another one), Dov (the admin).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from itsdangerous import URLSafeSerializer

from course_engine.crypto import digest, new_id
from course_engine.domain.certificates import Certificate
from course_engine.domain.cohorts import Present
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Device, Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import attendance, certificates, cohorts, jobs, people, runs
from course_engine.storage import devices, files
from tests.cast import BREAD, PASSWORD, ZONE, Clock, add_person, do

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
ADMINS = (401, 404, 404, 404, 404, 200)

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
    "POST /me/devices/<id>": CHANGE_OF_ADAS,
    "POST /me/code": WHOEVER_HAS_AN_ACCOUNT,
    "POST /me/pace": (401, 409, 303, 404, 404, 404),
    "POST /me/zone": CHANGE_OF_ACCOUNT,
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
    "GET /worksheets/<id>": OWN_RUN,
    "POST /worksheets/<id>": CHANGE_OF_OWN_RUN,
    "GET /worksheets/<id>.pdf": OWN_RUN,
    "GET /journal": WHOEVER_HAS_AN_ACCOUNT,
    "POST /journal": CHANGE_OF_OWN_RUN,
    "GET /certificate": OWN_RUN,
    "POST /certificate": (401, 303, 409, 404, 404, 404),
    "GET /certificate.pdf": ADAS,
    "GET /runs/<run>/today": ADAS,
    "GET /runs/<run>/course": ADAS,
    "GET /runs/<run>/weeks/<int:number>": ADAS,
    "GET /runs/<run>/weeks/<int:number>.pdf": ADAS,
    "GET /runs/<run>/steps/<step>": ADAS,
    "POST /runs/<run>/steps/<step>/done": CHANGE_OF_ADAS,
    "GET /runs/<run>/steps/<step>/moment": ADAS,
    "POST /runs/<run>/steps/<step>/moment": CHANGE_OF_ADAS,
    "GET /runs/<run>/worksheets/<id>": ADAS,
    "POST /runs/<run>/worksheets/<id>": CHANGE_OF_ADAS,
    "GET /runs/<run>/worksheets/<id>.pdf": ADAS,
    "GET /runs/<run>/journal": ADAS,
    "POST /runs/<run>/journal": CHANGE_OF_ADAS,
    "GET /runs/<run>/certificate": ADAS,
    "POST /runs/<run>/certificate": CHANGE_OF_ADAS,
    "GET /runs/<run>/certificate.pdf": ADAS,
    "GET /jobs/<id>": ADAS,
    "GET /files/<id>": ADAS,
    "GET /cohorts": FACILITATORS,
    "GET /admin/people": ADMINS,
    "GET /verify": PUBLIC,
    "POST /verify": SENT,
    "GET /verify/<code>": PUBLIC,
    "GET /api/openapi.json": PUBLIC,
    "GET /api/v1/certificates/<code>": PUBLIC,
    "GET /api/v1/me": WHOEVER_HAS_AN_ACCOUNT,
    "GET /api/v1/me/course": OWN_RUN,
    "POST /api/v1/me/steps/<step>/completion": OWN_RUN,
    "GET /api/v1/me/worksheets/<id>.pdf": OWN_RUN,
    "GET /api/v1/me/certificate": ADAS,
    # Last, because whoever knocks here has begun a course.
    "POST /join/begin": CHANGE_OF_ACCOUNT,
}
NOT_A_FORM = {"POST /api/v1/me/steps/<step>/completion": {"how": "done"}}


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
    run: Run
    certificate: Certificate
    numbers: "count[int]"

    @property
    def actors(self) -> tuple[Person | None, ...]:
        return (None, self.ada, self.cleo, self.ben, self.ema, self.dov)

    def path(self, rule: str, actor: Person | None) -> str:
        """The address of a rule, about Ada's things."""
        filled = (
            rule.replace("<run>", self.run.id).replace("<int:number>", "1").replace("<step>", "what-lives")
        )
        filled = filled.replace("<code>", self.certificate.code)
        if "worksheets/<id>" in filled:
            filled = filled.replace("<id>", "my-kitchen")
        made: Mapping[str, Callable[[], str]] = {
            "/me/devices/<id>": self._device,
            "/jobs/<id>": self._job,
            "/files/<id>": self._file,
            "/sign-up/link/<token>": self._link,
            "/reset/<token>": self._reset,
        }
        if rule in made:
            filled = filled.replace("<id>", "<token>").replace("<token>", made[rule]())
        return filled

    def form(self, rule: str, actor: Person | None) -> dict[str, str]:
        """What someone who may use this address would send."""
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
            "/me/pace": lambda: {"pace": "gentle"},
            "/me/zone": lambda: {"zone": ZONE},
            "/me/theme": lambda: {"theme": "dark"},
            "/me/run": lambda: {"run": self.run.id},
            "/journal": lambda: {"text": "A quiet morning."},
            "/certificate": lambda: {"name": "Ada"},
            "/steps/<step>/done": lambda: {"how": "done"},
            "/steps/<step>/moment": lambda: {"moment": "warm"},
            "/worksheets/<id>": lambda: {"warm-place": "the shelf"},
            "/verify": lambda: {"code": self.certificate.code},
        }
        return forms.get(rule.removeprefix("/runs/<run>"), dict)()

    def _device(self) -> str:
        now = self.clock()
        device = Device(new_id(), self.ada.id, "A tablet", now, now, now.replace(year=now.year + 1))
        with self.engine.database.transaction():
            devices.add(device, digest(device.id))
        return device.id

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
        letter = people.ask_reset(self.engine, address, self.clock())
        assert letter is not None
        return letter.text.partition("/reset/")[2].split()[0]

    def _recovery(self) -> dict[str, str]:
        name = f"paper-{next(self.numbers)}"
        person = people.add_named(self.engine, "Somebody", name, PASSWORD, self.clock())
        code = people.new_recovery_code(self.engine, person, self.clock())
        return {"email": name, "code": code, "password": PASSWORD}


def furnish(engine: Engine, clock: Clock) -> Site:
    """A site in which every address leads somewhere."""
    ada, ben, cleo, dov = (add_person(engine, name, clock()) for name in ("Ada", "Ben", "Cleo", "Dov"))
    leads = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), leads, zone=ZONE)
    group = cohorts.add(engine, ben, BREAD, "Ben's Mondays", clock(), ZONE, 90, clock())
    cohorts.add(engine, ema, BREAD, "Ema's Tuesdays", clock(), ZONE, 90, clock())
    run = cohorts.add_member(engine, group, ada, clock())
    runs.join_alone(engine, cleo, BREAD, PaceKind.WEEKLY, clock())
    for number, steps in enumerate((WEEK_1, WEEK_2, WEEK_3), 1):
        attendance.attend(engine, group, number, ada.id, Present.PRESENT, ben, clock.move(hours=2))
        do(engine, ada, run, clock(), *steps)
        clock.move(days=7)
    made = certificates.award(engine, ada, runs.own(engine, ada, run.id), "Ada", clock())
    return Site(engine, clock, ada, cleo, ben, ema, dov, run, made, count())


WEEK_1 = ("what-lives", "day-four", "stir-and-look", "check-in-1")
WEEK_2 = ("four-signs", "fold-a-dough", "check-in-2")
WEEK_3 = ("mix-and-fold", "bake-and-wait", "listen-to-the-crust", "check-in-3")

"""Making many certificates at once as a job: by the rule or by decision, each person once.

Who was chosen, and why, is kept with the job; what came of it is told by the certificates themselves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.awards import Left
from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Person
from course_engine.domain.work import Job
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import certificates, cohorts, frozen, jobs, orders
from course_engine.storage import awards, people
from course_engine.storage import cohorts as stored_cohorts

KIND = "awards"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: who got a certificate by it, who has one from elsewhere, who was left, and why.

    People are pairs of id and name; `waiting` are those the job has not come to.
    """

    job: Job
    reason: str
    made: list[tuple[str, str]]
    had: list[tuple[str, str]]
    left: list[tuple[str, str, Left]]
    waiting: list[tuple[str, str]]

    @property
    def again(self) -> list[str]:
        """Those for whom another try may come out otherwise."""
        left = [id for id, name, why in self.left if why in _CHANGING or _is_renamed(name, why)]
        return left + [id for id, _name in self.waiting]


# Any other reason is mended elsewhere: on the page of the person, or by whoever runs the site.
_CHANGING = (Left.NOT_BEGUN, Left.NOTHING_DONE, Left.NOT_EARNED)


def ask(
    engine: Engine,
    cohort: Cohort,
    people: Collection[str],
    actor: Person,
    now: datetime,
    reason: str = "",
    press: str = "",
) -> Job:
    """Ask for the certificates of these people: by the rule or, with a `reason`, by decision.

    The same `press`, a random word of the form, is the same job. Raises BadInput where nobody is chosen.
    """
    known = {person for person, _name, _run in cohorts.roster(cohort)} | stored_cohorts.left(cohort.id)
    chosen = [person for person in dict.fromkeys(people) if person in known]
    if not chosen:
        raise BadInput({"who": _("Tick at least one person first.")})
    return orders.ask(engine, KIND, cohort, chosen, {"reason": reason}, actor, now, press)


def again(engine: Engine, cohort: Cohort, job: str, actor: Person, now: datetime) -> Job:
    """Try once more for those who were left by a job, in the same way. Raises NotFound, BadInput."""
    before = outcome(engine, cohort, actor, job)
    return ask(engine, cohort, before.again, actor, now, before.reason, f"again|{job}")


def outcome(engine: Engine, cohort: Cohort, actor: Person, job: str) -> Outcome:
    """What came of a job that this person asked for about this cohort. Raises NotFound."""
    found = jobs.own(actor, job)
    if found.kind != KIND or found.subject.get("cohort") != cohort.id:
        raise NotFound(_("There is no such page."))
    chosen, given = orders.read(engine, found)
    here = {one.run.person: one for one in awards.those(cohort.id, chosen)}
    names = stored_cohorts.called(cohort.id)
    left = {id: Left(str(why)) for id, why in _mapping(found.result.get("left")).items()}
    made = found.result.get("made")
    result = Outcome(found, given["reason"], [], [], [], [])
    for id in chosen:
        certificate = here[id].made if id in here else None
        if id not in names:
            continue
        if id in left and (certificate is None or left[id] is Left.WITHDRAWN):
            result.left.append((id, names[id], left[id]))
        elif certificate is None:
            result.waiting.append((id, names[id]))
        elif id in made if isinstance(made, list) else _is_since(certificate, found):
            result.made.append((id, names[id]))
        else:
            result.had.append((id, names[id]))
    return result


def make(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> Mapping[str, object]:
    """Handler of the job kind `awards`: one by one; begun again, nobody gets a second certificate."""
    actor = jobs.asked_by(job)
    chosen, given = orders.read(engine, job)
    left: dict[str, str] = {}
    made: list[str] = []
    for place, person in enumerate(chosen):
        progress(place, len(chosen))
        # Whoever leads the cohort no longer makes nothing more in it.
        cohort = cohorts.led(actor, str(job.subject["cohort"]))
        why = _award(engine, cohort, person, given["reason"], actor, now)
        if why is not None:
            left[person] = why.value
        elif any(one.made and _is_since(one.made, job) for one in awards.those(cohort.id, [person])):
            made.append(person)
    progress(len(chosen), len(chosen))
    return {"page": f"/cohorts/{job.subject['cohort']}/certificates?job={job.id}", "left": left, "made": made}


def names_done(engine: Engine, job: Job) -> list[str]:
    """The names of those a job has come to already, of many the last fifty; none once one leads no longer."""
    try:
        cohort = cohorts.led(jobs.asked_by(job), str(job.subject["cohort"]))
    except NotFound:
        return []
    chosen = orders.read(engine, job)[0][: job.done][-SHOWN:]
    names = stored_cohorts.called(cohort.id)
    return [names[id] for id in chosen if id in names]


def _award(
    engine: Engine, cohort: Cohort, person: str, reason: str, actor: Person, now: datetime
) -> Left | None:
    found = awards.those(cohort.id, [person])
    who = people.get(person)
    if not found or who is None:
        return Left.GONE
    if found[0].made is not None:
        return Left.WITHDRAWN if found[0].made.state is CertificateState.WITHDRAWN else None
    if found[0].run.started_at is None:
        return Left.NOT_BEGUN
    try:
        if reason:
            certificates.decide(engine, who, found[0].run, who.name, reason, actor, now)
        else:
            certificates.award(engine, who, found[0].run, who.name, now, actor)
    except BadInput:
        return Left.LETTERS
    except Refused:
        return Left.NOTHING_DONE if reason else Left.NOT_EARNED
    return None


def _is_renamed(name: str, why: Left) -> bool:
    return why is Left.LETTERS and not frozen.unprintable(name)


def _is_since(certificate: Certificate, job: Job) -> bool:
    """Whether it was made by this job; one that was corrected since may be older than it looks."""
    return certificate.revision == 1 and certificate.awarded_at >= job.created_at


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}

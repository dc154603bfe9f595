"""Certificates of participation: made once, frozen, checked by anyone, corrected by a new revision."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from course_engine.crypto import new_code, new_id, read_code
from course_engine.domain.awards import Earned, earned
from course_engine.domain.calendar import local_day
from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.rendering import pdf
from course_engine.rendering.links import verify_code
from course_engine.rendering.shelf import design_digest
from course_engine.services.people import checked_name
from course_engine.services.runs import Position, position
from course_engine.storage import audit, certificates, cohorts, people, runs

CODE_SIGNS = 16  # 80 bits


@dataclass(frozen=True, slots=True)
class Verified:
    """What a stranger is told about a code."""

    code: str
    state: CertificateState
    initials: str
    title: str
    started: str
    finished: str
    site: str
    next_code: str | None = None


def still_needed(at: Position) -> Earned:
    """What this run still needs for its certificate."""
    asked = at.cohort.attended if at.cohort else 0
    return earned(at.course, at.access, at.history.attended, asked)


def award(engine: Engine, person: Person, run: Run, name: str, now: datetime) -> Certificate:
    """Make the certificate of a finished run; asked again, or 20 times at once, it gives the same one.

    Raises BadInput for a name that cannot be printed, Refused with what is still to come, Unavailable
    when nobody can tell what can be printed.
    """
    shown = checked_name(name)
    made_before = certificates.of_run(run.id)
    if made_before is not None:
        return made_before
    _refuse_unprintable(shown)
    with engine.database.transaction():
        there = certificates.of_run(run.id)
        if there is not None:
            return there
        at = position(engine, person, run, now)
        _refuse_unearned(at)
        made = Certificate(
            id=new_id(),
            code=new_code(CODE_SIGNS),
            run=run.id,
            person=person.id,
            revision=1,
            frozen=_frozen(engine, at, shown, now, person.zone),
            awarded_at=now,
        )
        kept = certificates.award(made)
        if kept.id == made.id:
            audit.add(now, person.id, "certificate.award", person.id, {"certificate": made.id})
        return kept


def correct(engine: Engine, certificate: Certificate, name: str, actor: Person, now: datetime) -> Certificate:
    """The same certificate with another name: a new revision, to which the old code leads."""
    shown = checked_name(name)
    if certificate.state is not CertificateState.VALID:
        raise Refused(_("This certificate has been replaced or withdrawn, so its name cannot change."))
    if certificate.frozen["name"] == shown:
        return certificate
    _refuse_unprintable(shown)
    new = replace(
        certificate,
        id=new_id(),
        code=new_code(CODE_SIGNS),
        revision=certificate.revision + 1,
        frozen={**certificate.frozen, "name": shown},
        awarded_at=now,
    )
    with engine.database.transaction():
        certificates.correct(certificate.id, new)
        audit.add(now, actor.id, "certificate.correct", certificate.person, {"certificate": new.id})
    return new


def withdraw(engine: Engine, code: str, reason: str, now: datetime, actor: Person | None = None) -> None:
    """Take a certificate out of use; whoever checks its code is told so, and not why.

    The code of an earlier revision withdraws the newest one. Raises NotFound, and Refused when it is
    withdrawn already.
    """
    found = _with_code(code)
    while found.next_code is not None:
        found = _with_code(found.next_code)
    with engine.database.transaction():
        if not certificates.withdraw(found.id, reason, now):
            raise Refused(_("This certificate is withdrawn already."))
        audit.add(
            now, actor.id if actor else None, "certificate.withdraw", found.person,
            {"certificate": found.id, "reason": reason},
        )  # fmt: skip


def verify(code: str) -> Verified:
    """What may be told about a code, to anyone. Raises NotFound."""
    found = _with_code(code)
    frozen = found.frozen
    return Verified(
        code=found.code,
        state=found.state,
        initials=_initials(str(frozen["name"])),
        title=str(frozen["title"]),
        started=str(frozen["started"]),
        finished=str(frozen["finished"]),
        site=str(frozen["site"]),
        next_code=found.next_code,
    )


def issue(engine: Engine, whom: str, now: datetime) -> list[dict[str, object]]:
    """Make what has been earned by a learner (by address) or by everybody in a cohort (by id).

    One row a person: name, code and what is still to come. Raises NotFound.
    """
    cohort = cohorts.get(whom)
    if cohort is not None:
        members = [(person, runs.get(run)) for person, run, _joined in cohorts.members(cohort.id)]
    else:
        found = people.by_address(whom.strip().lower())
        if found is None:
            raise NotFound(_("There is no cohort and nobody with the address %(whom)s.", whom=whom))
        run = runs.current(found[0].id)
        if run is None:
            raise NotFound(_("%(name)s has not begun a course yet.", name=found[0].name))
        members = [(found[0].id, run)]
    return [_issued(engine, person, run, now) for person, run in members if run is not None]


def code_in(file: Path) -> str:
    """The code of a certificate, read from its PDF. Raises NotFound."""
    code = verify_code(file.read_bytes())
    if code is None:
        raise NotFound(_("%(file)s is not a certificate of this kind of site.", file=str(file)))
    return code


def of_run(run: Run) -> Certificate | None:
    """The newest revision of the certificate of a run, if one was made."""
    return certificates.of_run(run.id)


def of_person(person: Person) -> list[Certificate]:
    """All certificates of a person in use, newest first."""
    return [one for one in certificates.of_person(person.id) if one.state is not CertificateState.CORRECTED]


def _issued(engine: Engine, person: str, run: Run, now: datetime) -> dict[str, object]:
    whose = people.get(person)
    if whose is None:
        raise NotFound(_("There is no such person."))
    try:
        return {"name": whose.name, "code": award(engine, whose, run, whose.name, now).code, "waits for": ""}
    except (BadInput, Refused) as error:
        return {"name": whose.name, "code": "", "waits for": str(error)}


def _with_code(code: str) -> Certificate:
    found = certificates.by_code(read_code(code))
    if found is None:
        raise NotFound(_("There is no certificate with this code."))
    return found


def _refuse_unprintable(name: str) -> None:
    strange = pdf.unprintable(name)
    if strange:
        raise BadInput(
            {
                "name": _(
                    "The fonts of this site do not have: %(letters)s. "
                    "Please write the name without it, or in other letters.",
                    letters=" ".join(strange),
                )
            }
        )


def _refuse_unearned(at: Position) -> None:
    needed = still_needed(at)
    if needed.whole:
        return
    if needed.weeks:
        raise Refused(_("A certificate can be made once every week of the course is done."))
    raise Refused(
        ngettext(
            "Your group's certificate asks for %(n)s more session, present or made up. "
            "Your facilitator can tell you how.",
            "Your group's certificate asks for %(n)s more sessions, present or made up. "
            "Your facilitator can tell you how.",
            needed.sessions,
        )
    )


def _frozen(engine: Engine, at: Position, name: str, now: datetime, zone: str) -> dict[str, object]:
    started = at.run.started_at or now
    last = max((week.done_at for week in at.access.weeks.values() if week.done_at), default=now)
    frozen: dict[str, object] = {
        "name": name,
        "title": at.course.title,
        "notice": at.course.notice,
        "modules": [
            {
                "title": module.title,
                "weeks": [{"number": week.number, "title": week.title} for week in module.weeks],
            }
            for module in at.course.modules
            if any(week.number for week in module.weeks)
        ],
        "started": local_day(started, zone).isoformat(),
        "finished": local_day(last, zone).isoformat(),
        "awarded": local_day(now, zone).isoformat(),
        "site": engine.config.site_name,
        "design": at.course.certificate.design,
        "design_digest": design_digest(engine.config.certificates, at.course.certificate.design),
        "content": at.run.edition,
        "language": at.course.language,
    }
    if at.cohort is None:
        return frozen
    held = [one for one in at.sessions if not one.cancelled]
    attended = [one for one in held if one.number in at.history.attended]
    leaders = [found.name for id in at.cohort.facilitators if (found := people.get(id))]
    return {
        **frozen,
        "facilitator": ", ".join(leaders),
        "cohort": {
            "name": at.cohort.name,
            "sessions": len(held),
            "attended": len(attended),
            "hours": sum(one.minutes for one in attended) / 60,
        },
    }


def _initials(name: str) -> str:
    return " ".join(f"{word[0].upper()}." for word in name.split())

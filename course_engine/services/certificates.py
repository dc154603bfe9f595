"""Certificates of participation: made once, frozen, checked by anyone, corrected by a new revision."""

from dataclasses import replace
from datetime import datetime

from course_engine.crypto import new_code, new_id
from course_engine.domain.awards import Earned, earned
from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services import attendance, frozen, verifying
from course_engine.services.names import checked_name
from course_engine.services.runs import Position, position
from course_engine.storage import audit, certificates

CODE_SIGNS = 16  # 80 bits
LONGEST_REASON = 300


def as_held(at: Position, now: datetime) -> Position:
    """The same without what is noted of sessions of this group that are still to come."""
    attended = attendance.held(at.history, at.sessions, now)
    return replace(at, history=replace(at.history, attended=attended))


def still_needed(at: Position) -> Earned:
    """What this run still needs for its certificate."""
    asked = at.cohort.attended if at.cohort else 0
    return earned(at.course, at.access, at.history.attended, at.sessions, asked)


def award(
    engine: Engine, person: Person, run: Run, name: str, now: datetime, by: Person | None = None
) -> Certificate:
    """Make the certificate of a finished run; asked again, or 20 times at once, it gives the same one.

    Raises BadInput for a name that cannot be printed, Refused with what is still to come or once it was
    withdrawn, Unavailable when nobody can tell what can be printed.
    """
    return _make(engine, person, run, name, "", by or person, now)


def decide(
    engine: Engine, person: Person, run: Run, name: str, reason: str, by: Person, now: datetime
) -> Certificate:
    """Make a certificate although something is still to come; it names only what was done.

    Raises BadInput without a reason, Refused for somebody who has done nothing that it could name, and
    what `award` raises.
    """
    return _make(engine, person, run, name, checked_reason(reason), by, now)


def checked_reason(typed: str) -> str:
    """A reason as it is kept. Raises BadInput."""
    reason = " ".join(typed.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput({"reason": _("Write down why, in at most %(most)s characters.", most=LONGEST_REASON)})
    return reason


def printable(typed: str) -> str:
    """A name as it would stand on a certificate. Raises BadInput."""
    shown = _on_it(typed)
    _refuse_unprintable(shown)
    return shown


def checked_correction(certificate: Certificate, name: str) -> str:
    """Another name for a certificate, as it would be printed.

    Raises BadInput for the same name and for one that cannot be printed, Refused where nothing can change.
    """
    shown = _on_it(name)
    _refuse_closed(certificate)
    if certificate.frozen["name"] == shown:
        raise BadInput({"name": _("This is the name that stands on the certificate already.")})
    _refuse_unprintable(shown)
    return shown


def correct(
    engine: Engine, certificate: Certificate, name: str, actor: Person, now: datetime, reason: str = ""
) -> Certificate:
    """The same certificate with another name: a new revision, to which the old code leads."""
    shown = _on_it(name)
    _refuse_closed(certificate)
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
        engine.database.one_at_a_time(f"certificate of {certificate.run}")
        certificates.correct(certificate.id, new, reason)
        detail = {"certificate": new.id, "reasoned": bool(reason)}
        audit.add(now, actor.id, "certificate.correct", certificate.person, detail)
    return new


def withdraw(engine: Engine, code: str, reason: str, now: datetime, actor: Person | None = None) -> None:
    """Take a certificate out of use; whoever checks its code is told so, and not why.

    The code of an earlier revision withdraws the newest one. Raises NotFound, and Refused when it is
    withdrawn already.
    """
    run = verifying.with_code(code).run
    with engine.database.transaction():
        # A correction made at the same moment comes before, and is withdrawn, or after, and is refused.
        engine.database.one_at_a_time(f"certificate of {run}")
        found = certificates.of_run(run)
        if found is None or not certificates.withdraw(found.id, reason, now):
            raise Refused(_("This certificate is withdrawn already."))
        audit.add(
            now, actor.id if actor else None, "certificate.withdraw", found.person,
            {"certificate": found.id, "reasoned": bool(reason)},
        )  # fmt: skip


def of_run(run: Run) -> Certificate | None:
    """The newest revision of the certificate of a run, if one was made."""
    return certificates.of_run(run.id)


def of_person(person: Person) -> list[Certificate]:
    """All certificates of a person in use, newest first."""
    return [one for one in certificates.of_person(person.id) if one.state is not CertificateState.CORRECTED]


def _make(
    engine: Engine, person: Person, run: Run, name: str, reason: str, by: Person, now: datetime
) -> Certificate:
    shown = _on_it(name)
    made_before = _in_use(run)
    if made_before is not None:
        return made_before
    _refuse_unprintable(shown)
    with engine.database.transaction():
        there = _in_use(run)
        if there is not None:
            return there
        at = as_held(position(engine, person, run, now), now)
        needed = still_needed(at)
        if not needed.whole:
            _refuse_unearned(at, needed, decided=bool(reason))
        exception = "" if needed.whole else reason
        made = Certificate(
            id=new_id(),
            code=new_code(CODE_SIGNS),
            run=run.id,
            person=person.id,
            revision=1,
            frozen=frozen.words(engine, at, shown, now, person.zone),
            awarded_at=now,
            reason=exception,
        )
        kept = certificates.award(made)
        if kept.id == made.id:
            _tell(made, by, now)
        return kept


def _in_use(run: Run) -> Certificate | None:
    found = certificates.of_run(run.id)
    if found is not None and found.state is CertificateState.WITHDRAWN:
        raise Refused(
            _(
                "The certificate was withdrawn, and no other can be made. Whoever runs this site can tell "
                "you more."
            )
        )
    return found


def _tell(made: Certificate, by: Person, now: datetime) -> None:
    detail = {"certificate": made.id, "reasoned": bool(made.reason)}
    act = "certificate.decide" if made.reason else "certificate.award"
    audit.add(now, by.id, act, made.person, detail)


def _on_it(typed: str) -> str:
    return checked_name(
        typed, _("Write the name as it should stand on the certificate, in at most 80 characters.")
    )


def _refuse_unprintable(name: str) -> None:
    if words := frozen.unprintable(name):
        raise BadInput({"name": words})


def _refuse_closed(certificate: Certificate) -> None:
    if certificate.state is not CertificateState.VALID:
        raise Refused(_("This certificate has been replaced or withdrawn, so its name cannot change."))


def _refuse_unearned(at: Position, needed: Earned, *, decided: bool) -> None:
    if decided and at.run.started_at is None:
        raise Refused(_("Whoever has not begun the course yet has nothing that a certificate could name."))
    if decided and not frozen.says_something(at):
        raise Refused(_("No week is done yet and no session attended, so a certificate could name nothing."))
    if decided:
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

"""Giving out the certificates of a cohort: one PDF, a ZIP with a PDF for each, or a letter to each.

Only those that are valid; and as often as somebody asks.
"""

import io
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from course_engine.crypto import digest, new_id
from course_engine.domain.certificates import CertificateState
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused, Unavailable
from course_engine.domain.people import Person
from course_engine.domain.work import Job, Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import speak
from course_engine.rendering import pdf
from course_engine.rendering.packs import Part, pack_values
from course_engine.rendering.paper import Paper
from course_engine.services import cohorts, jobs, letters, orders, prints
from course_engine.storage import audit, awards, files
from course_engine.storage.awards import Candidate

KIND = "certificates"
AT_ONCE = 200
Holder = Candidate
_ZIP = "zip"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Post:
    """Who gets a letter, and who is to get theirs by hand: nobody has proved an address of theirs."""

    by_letter: list[Candidate]
    by_hand: list[Candidate]


def given(cohort: Cohort, people: Collection[str]) -> list[Candidate]:
    """Those of these people who have a valid certificate, by name. Raises BadInput where there is none."""
    found = [one for one in awards.those(cohort.id, people) if _is_valid(one)]
    if not found:
        raise BadInput({"who": _("None of these people has a certificate yet. Make them first.")})
    return found


def one_pdf(engine: Engine, cohort: Cohort, of: Sequence[Candidate], paper: Paper) -> prints.Print:
    """All of them in one document, each on a page of its own. Raises BadInput for too many at once."""
    _refuse_too_many(of)
    single = [prints.certificate(engine, one.made, paper) for one in of if one.made is not None]
    parts = [Part(one.kind, one.values, language=one.language) for one in single]
    title = _("Certificates of %(name)s", name=cohort.name)
    values = pack_values(parts, title=title, language=engine.config.locale)
    back = f"/cohorts/{cohort.id}/certificates"
    language = engine.config.locale
    return prints.Print(
        "pack", values, language, "certificates.pdf", own=True, pages=len(of), back=back, cohort=cohort.id
    )


def ask_zip(
    engine: Engine,
    cohort: Cohort,
    of: Sequence[Candidate],
    paper: Paper,
    actor: Person,
    now: datetime,
    press: str = "",
) -> Job:
    """Ask for a ZIP with a PDF for each of them. Raises BadInput for too many at once."""
    _refuse_too_many(of)
    people = [one.run.person for one in of]
    return orders.ask(engine, KIND, cohort, people, {"paper": paper.sheet}, actor, now, press)


def make_zip(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> Mapping[str, object]:
    """Handler of the job kind `certificates`: one after another, those withdrawn meanwhile left out.

    Raises NotFound as soon as whoever asked leads the cohort no longer.
    """
    actor, cohort = jobs.asked_by(job), str(job.subject["cohort"])
    cohorts.led(actor, cohort)
    chosen, given = orders.read(engine, job)
    paper = Paper(given["paper"])
    of = [one for one in awards.those(cohort, chosen) if _is_valid(one)]
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for place, one in enumerate(of):
            progress(place, len(of))
            cohorts.led(actor, cohort)
            _add(engine, archive, place + 1, one, paper)
    progress(len(of), len(of))
    with engine.database.transaction():
        if [one.made for one in of] != [one.made for one in awards.those(cohort, chosen) if _is_valid(one)]:
            raise Unavailable(_("A certificate was changed while this was made. Try again in a moment."))
        kept = _keep(engine, cohort, actor, job, packed.getvalue(), now)
    return {"page": f"/cohorts/{cohort}/certificates/zip/{kept}"}


def zip_file(engine: Engine, cohort: Cohort, actor: Person, id: str) -> bytes:
    """A ZIP that this person asked for about this cohort. Raises NotFound."""
    found = files.get(id)
    if found is None or found.person != actor.id or found.name != _name(cohort.id):
        raise NotFound(_("There is no such page."))
    return engine.person_key(actor.id).open_bytes(found.data, _place(actor.id, cohort.id))


def post(of: Sequence[Candidate]) -> Post:
    """Who of them can be written to: an account was opened with the address, so it is theirs."""
    by_letter = [one for one in of if one.account and one.email]
    return Post(by_letter, [one for one in of if one not in by_letter])


def send(
    engine: Engine, cohort: Cohort, of: Sequence[Candidate], actor: Person, now: datetime, press: str
) -> int:
    """A letter to each who can be written to; how many. Sent twice with the same `press`, it goes once.

    Raises Refused where this site sends no mail.
    """
    if not letters.can_go(engine):
        raise Refused(_("This site cannot send mail yet. Print the certificates, or give them out as files."))
    to = post(of).by_letter
    with engine.database.transaction():
        written = [_letter(engine, one, now) for one in to]
        letters.post_many(engine, written, once=[_once(one, press) for one in to])
        audit.add(
            now, actor.id, "certificate.mail", None,
            {"cohort": cohort.id, "certificates": [one.made.id for one in to if one.made]},
        )  # fmt: skip
    return len(to)


def file_name(place: int, name: str) -> str:
    """A name for the file of a certificate that every system can keep: `007 Zoë Müller.pdf`."""
    letters = (_safe(letter) for letter in unicodedata.normalize("NFC", name))
    words = " ".join("".join(letters).split())[:_LONGEST_NAME].strip()
    return f"{place:03} {words}.pdf" if words else f"{place:03}.pdf"


def _add(engine: Engine, archive: ZipFile, place: int, one: Candidate, paper: Paper) -> None:
    if one.made is None:
        return
    wanted = prints.certificate(engine, one.made, paper)
    page = pdf.render(wanted.kind, wanted.values, wanted.language)
    awarded = one.made.awarded_at
    file = ZipInfo(file_name(place, str(one.made.frozen["name"])), awarded.timetuple()[:6])
    file.external_attr = 0o644 << 16
    archive.writestr(file, page, ZIP_DEFLATED)


def _keep(engine: Engine, cohort: str, actor: Person, job: Job, data: bytes, now: datetime) -> str:
    sealed = engine.person_key(actor.id).seal_bytes(data, _place(actor.id, cohort))
    media = f"{_ZIP}{files.COHORT}{cohort}"
    file = files.File(new_id(), digest(f"{_ZIP}|{job.id}"), media, _name(cohort), sealed, actor.id, now)
    # Of a job done anew the first file may hold what was withdrawn since.
    before = files.by_digest(file.digest)
    if before is not None:
        files.drop(before.id)
    return files.keep(file).id


def _letter(engine: Engine, one: Candidate, now: datetime) -> Letter:
    root, made = engine.config.base_url, one.made
    with speak(one.language):
        return Letter(
            id=new_id(),
            to=one.email or "",
            subject=_("%(site)s: your certificate", site=engine.config.site_name),
            text=_(
                "Hello %(name)s,\n\nyour certificate of “%(course)s” is made. You can read and print it "
                "here:\n\n%(link)s\n\nIf your name is not right on it, you can correct it there.\n\n"
                "Whoever would like to check the certificate can do so here:\n\n%(verify)s\n",
                name=one.name,
                course=made.frozen["title"] if made else "",
                link=f"{root}/runs/{one.run.id}/certificate",
                verify=f"{root}/verify/{made.code if made else ''}",
            ),
            created_at=now,
        )


def _once(one: Candidate, press: str) -> str | None:
    return f"certificate|{one.made.id}|{press}" if one.made and press else None


def _is_valid(one: Candidate) -> bool:
    return one.made is not None and one.made.state is CertificateState.VALID


def _refuse_too_many(of: Sequence[Candidate]) -> None:
    if len(of) > AT_ONCE:
        raise BadInput(
            {"who": _("One file holds at most %(most)s certificates. Take them in parts.", most=AT_ONCE)}
        )


def _safe(letter: str) -> str:
    kind = unicodedata.category(letter)
    return letter if kind[0] in "LMN" or letter in "-'’ " else " "


def _name(cohort: str) -> str:
    return f"certificates-{cohort}.zip"


def _place(person: str, cohort: str) -> str:
    return f"{_ZIP}|{person}|{cohort}"

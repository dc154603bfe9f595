"""What anyone may find out about a certificate: by its code, or by the code in its PDF."""

from dataclasses import dataclass
from pathlib import Path

from course_engine.crypto import read_code
from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.errors import NotFound
from course_engine.i18n import gettext as _
from course_engine.rendering.links import verify_code
from course_engine.services.names import initials
from course_engine.storage import certificates


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


def verify(code: str) -> Verified:
    """What may be told about a code, to anyone. Raises NotFound."""
    found = with_code(code)
    words = found.frozen
    return Verified(
        code=found.code,
        state=found.state,
        initials=initials(str(words["name"])),
        title=str(words["title"]),
        started=str(words["started"]),
        finished=str(words["finished"]),
        site=str(words["site"]),
        next_code=found.next_code,
    )


def code_in(file: Path) -> str:
    """The code of a certificate, read from its PDF. Raises NotFound."""
    code = verify_code(file.read_bytes())
    if code is None:
        raise NotFound(_("%(file)s is not a certificate of this kind of site.", file=str(file)))
    return code


def with_code(code: str) -> Certificate:
    """The certificate with this code, however it was typed. Raises NotFound."""
    found = certificates.by_code(read_code(code))
    if found is None:
        raise NotFound(_("There is no certificate with this code."))
    return found

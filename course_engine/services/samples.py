"""Certificates to look at before there is one: marked as a sample, with a code that is none."""

from datetime import datetime

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.rendering import certificates as drawn
from course_engine.rendering.paper import Paper
from course_engine.services import certificates, frozen
from course_engine.services.prints import Print
from course_engine.services.runs import position

CODE = "SAMPLE0000SAMPLE"


def of_run(engine: Engine, person: Person, run: Run, name: str, paper: Paper, now: datetime) -> Print:
    """How a certificate of this run would look if it were made now. Raises BadInput for the name."""
    shown = certificates.printable(name)
    words = frozen.words(engine, position(engine, person, run, now), shown, now, person.zone)
    address = f"{engine.config.base_url}/verify/{CODE}"
    values = drawn.certificate_values(words, CODE, address, paper.sheet, "sample")
    return Print("certificate", values, str(words["language"]), "sample.pdf", own=True)


def of_design(engine: Engine, design: str, paper: Paper) -> bytes:
    """The PDF of a certificate of an invented person. Raises NotFound for a design that is not there."""
    return drawn.sample(design, paper.sheet, engine.config.locale, site=engine.config.site_name)

"""Help lines: what the courses name, what an admin has confirmed, and which of them are near a person."""

from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.errors import NotFound
from course_engine.domain.help_lines import Confirmation, HelpLine, nearest
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import country, country_of
from course_engine.i18n import gettext as _
from course_engine.services import editions
from course_engine.storage import audit, help_lines

ON_PAPER = 2


@dataclass(frozen=True, slots=True)
class Offered:
    """A line as the newest editions name it; without a confirmation it waits."""

    line: HelpLine
    courses: tuple[str, ...]
    confirmation: Confirmation | None


@dataclass(frozen=True, slots=True)
class Near:
    """Confirmed lines as a person meets them: those of their country, then the others by country's name."""

    country: str
    own: tuple[HelpLine, ...]
    others: tuple[tuple[str, tuple[HelpLine, ...]], ...]


NOBODY = Near("", (), ())


def offered(engine: Engine) -> list[Offered]:
    """Every line of the newest editions, once for the same words, by country.

    The lines of a course that was withdrawn stay as long as somebody has it: a hard hour may come after.
    """
    courses: dict[HelpLine, list[str]] = {}
    for course in editions.in_use(engine, engine.config.locale):
        for line in course.help_lines:
            courses.setdefault(line, []).append(course.title)
    known = help_lines.confirmed()
    found = [Offered(line, tuple(titles), known.get(line.digest)) for line, titles in courses.items()]
    return sorted(found, key=lambda one: country(one.line.country))


def confirm(engine: Engine, admin: Person, digest: str, now: datetime) -> HelpLine:
    """An admin has looked at these words and found them right. Raises NotFound when nothing says them."""
    line = _named(engine, digest)
    with engine.database.transaction():
        if help_lines.confirm(digest, line.id, admin.id, now):
            audit.add(now, admin.id, "help_line.confirm", detail={"line": line.id, "digest": digest})
    return line


def take_back(engine: Engine, admin: Person, digest: str, now: datetime) -> HelpLine:
    """Let a line wait again. Raises NotFound when nothing says these words."""
    line = _named(engine, digest)
    with engine.database.transaction():
        if help_lines.take_back(digest):
            audit.add(now, admin.id, "help_line.take_back", detail={"line": line.id, "digest": digest})
    return line


def near(engine: Engine, zone: str) -> Near:
    """The confirmed lines, as somebody in this zone meets them; without a zone all of them are others."""
    own_country = country_of(zone)
    own, others = nearest(tuple(one.line for one in offered(engine) if one.confirmation), own_country)
    by_country: dict[str, list[HelpLine]] = {}
    for line in others:
        by_country.setdefault(country(line.country), []).append(line)
    named = tuple((name, tuple(lines)) for name, lines in sorted(by_country.items()))
    return Near(country(own_country), own, named)


def on_paper(engine: Engine, zone: str) -> str:
    """A sentence for a printed sheet with the first confirmed lines of this zone's country, or nothing."""
    lines = near(engine, zone).own[:ON_PAPER]
    if not lines:
        return ""
    return _("Help lines: %(lines)s.", lines="; ".join(_said(line) for line in lines))


def _said(line: HelpLine) -> str:
    ways = []
    if line.call:
        ways.append(_("call %(number)s", number=line.call))
    if line.write:
        ways.append(_("text %(number)s", number=line.write))
    return f"{line.name}, {_(' or ').join(ways)}"


def _named(engine: Engine, digest: str) -> HelpLine:
    found = next((one.line for one in offered(engine) if one.line.digest == digest), None)
    if found is None:
        raise NotFound(
            _("These words have changed, or no course says them any more. Look at the list again.")
        )
    return found

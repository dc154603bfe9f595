"""What the forms of a facilitator send: cohorts, their dates, and who is there for their people."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from marshmallow import fields, validate

from course_engine.domain.cohorts import Cohort, Safety, Session
from course_engine.domain.errors import BadInput, noting
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import calendars, cohorts
from course_engine.web import here
from course_engine.web.cohorts.days import within
from course_engine.web.forms import ZONES, Form, read
from course_engine.web.untouched import untouched

WORDS = 200
LONGEST_SESSION, MOST_SEATS = 600, 5000
MINUTES = mark("Write how many minutes a session takes: 10 to 600.")


def _words(most: int = WORDS) -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=most, error=mark("This is longer than there is room for.")),
    )


def _number(least: int, most: int, message: str, **options: Any) -> fields.Integer:
    return fields.Integer(
        validate=validate.Range(least, most, error=message), error_messages={"invalid": message}, **options
    )


class Meeting(Form):
    """Where a cohort meets, how many people it has room for, and whom they can turn to."""

    name = fields.String(load_default="")
    place = _words()
    link = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"(https://\S+)?\Z", error=mark("A link begins with https:// and has no spaces.")
        ),
    )
    seats = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"([1-9][0-9]{0,3})?\Z", error=mark("Write how many people there is room for, or leave it empty.")
        ),
    )
    safety_name = _words()
    safety_reach = _words()
    safety_backup = _words()
    safety_hours = _words()
    safety_reply = _words()
    whole_workbook = fields.String(load_default="")
    shown = fields.String(load_default="")

    @staticmethod
    def chosen(sent: dict[str, Any]) -> dict[str, Any]:
        """The fields of a cohort."""
        return {
            "place": sent["place"].strip(),
            "link": sent["link"],
            "seats": int(sent["seats"]) if sent["seats"] else None,
            "safety": Safety(
                **{
                    key: sent[f"safety_{key}"].strip()
                    for key in ("name", "reach", "backup", "hours", "reply")
                }
            ),
            "whole_workbook": sent["whole_workbook"] == "yes",
        }


class Leader(Form):
    address = fields.String(
        required=True, error_messages={"required": mark("Write the address of a facilitator.")}
    )


class NewCohort(Meeting):
    course = fields.String(required=True, error_messages={"required": mark("Choose a course.")})
    first = fields.Date(
        required=True,
        error_messages={
            "required": mark("Choose the day of the first session."),
            "invalid": mark("Choose the day of the first session."),
        },
    )
    hour = fields.Time(
        required=True,
        error_messages={
            "required": mark("Choose the hour it begins, such as 18:30."),
            "invalid": mark("Choose the hour it begins, such as 18:30."),
        },
    )
    minutes = _number(10, LONGEST_SESSION, MINUTES, required=True)
    zone = fields.String(
        required=True, validate=validate.OneOf(ZONES, error=mark("Choose the time zone from the list."))
    )
    skip = fields.List(fields.Date(), load_default=list)
    seen = fields.String(load_default="")
    act = fields.String(load_default="preview")


def new_cohort() -> dict[str, Any]:
    """What the form of a new cohort sent, its first instant and skipped days with it.

    Raises BadInput with all that cannot be used.
    """
    faults: dict[str, str] = {}
    sent: dict[str, Any] = {}
    skipped: frozenset[date] = frozenset()
    try:
        skipped = frozenset(date.fromisoformat(text) for text in request.form.getlist("skip"))
    except ValueError:
        faults["skip"] = _("Choose the weeks without a session from the table.")
    with noting(faults):
        cohorts.checked_title(request.form.get("name", ""))
    with noting(faults):
        sent = read(NewCohort, leave=("skip",))
    with noting(faults), suppress(ValueError):
        calendars.first_day(date.fromisoformat(request.form.get("first", "")), _zone(), here.now())
    if faults:
        raise BadInput(_in_order(faults, "course", "name", "first", "hour", "minutes", "zone"))
    # Not turned into UTC: an hour that clocks jump over would come back as another one in every week.
    first = datetime.combine(sent["first"], sent["hour"], ZoneInfo(sent["zone"]))
    return {**sent, "first": first, "skipped": skipped}


def settings(cohort: Cohort) -> dict[str, Any]:
    """What the form of the settings of a cohort sent, as its fields. Raises BadInput with all faults.

    A field that stands as the form was `shown` keeps what somebody else has chosen for it meanwhile.
    """
    faults: dict[str, str] = {}
    sent: dict[str, Any] = {}
    with noting(faults):
        sent = read(Meeting)
    with noting(faults):
        cohorts.checked_title(request.form.get("name", ""))
    if faults:
        raise BadInput(_in_order(faults))
    now_is = as_sent(cohort)
    sent |= {name: now_is[name] for name in untouched(sent["shown"], sent) if name in now_is}
    return {**Meeting.chosen(sent), "name": sent["name"]}


def as_sent(cohort: Cohort) -> dict[str, str]:
    """A cohort as its form would have sent it."""
    safety = {f"safety_{key}": words for key, words in asdict(cohort.safety).items()}
    return {
        "name": cohort.name,
        "place": cohort.place,
        "link": cohort.link,
        "seats": str(cohort.seats or ""),
        "whole_workbook": "yes" if cohort.whole_workbook else "",
        **safety,
    }


def local_hour(session: Session, zone: str) -> str:
    """The hour a session begins in this zone, as a form takes it."""
    return session.starts_at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def dates(sessions: list[Session], zone: str, met: Collection[int]) -> list[Session]:
    """The sessions as the calendar form moved or cancelled them; at those in `met` somebody has been.

    Raises BadInput by `session-N`.
    """
    faults: dict[str, str] = {}
    wanted: list[Session] = []
    for one in sessions:
        try:
            wanted.append(_moved(one, zone, calendars.NOTED_BACK if one.number in met else calendars.BACK))
        except BadInput as error:
            faults.update(error.faults)
        except ValueError:
            faults[f"session-{one.number}"] = _("Write a day and an hour, such as 18:30.")
    if faults:
        raise BadInput(faults)
    return wanted


def _moved(one: Session, zone: str, back: timedelta) -> Session:
    day = date.fromisoformat(request.form.get(f"day-{one.number}", ""))
    hour = time.fromisoformat(request.form.get(f"hour-{one.number}", ""))
    typed = request.form.get(f"minutes-{one.number}", "").strip()
    minutes = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
    if not 10 <= minutes <= LONGEST_SESSION:
        raise BadInput({f"session-{one.number}": _(MINUTES)})
    local = one.starts_at.astimezone(ZoneInfo(zone))
    same = (local.date(), local.hour, local.minute) == (day, hour.hour, hour.minute)
    starts_at = one.starts_at if same else _instant(within(day, f"session-{one.number}", back), hour, zone)
    cancelled = f"cancelled-{one.number}" in request.form
    return Session(one.cohort, one.number, starts_at, minutes, cancelled, one.code)


def _zone() -> str:
    typed = request.form.get("zone", "")
    return typed if typed in ZONES else "UTC"


def _in_order(faults: dict[str, str], *before: str) -> dict[str, str]:
    """The faults in the order in which a page has its fields: these first, then those of a meeting."""
    places = {name: at for at, name in enumerate(dict.fromkeys((*before, *Meeting().fields)))}
    return dict(sorted(faults.items(), key=lambda one: places.get(one[0], len(places))))


def _instant(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)

"""The days that a form of a facilitator can name: far ones are slips, and the calendar itself has an end."""

from datetime import date, timedelta

from course_engine.services import calendars
from course_engine.web import here


def within(day: date, field: str, back: timedelta = calendars.BACK) -> date:
    """The day, from yesterday to five years from now, whatever the zone. Raises BadInput by this field."""
    return calendars.within(day, field, here.now(), back)

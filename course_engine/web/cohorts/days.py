"""The days that a form of a facilitator can name: far ones are slips, and the calendar itself has an end."""

from datetime import date, timedelta

from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _
from course_engine.web import here

BACK, AHEAD = timedelta(days=1), timedelta(days=5 * 366)


def within(day: date, field: str) -> date:
    """The day, from yesterday to five years from now, whatever the zone. Raises BadInput by this field."""
    today = here.now().date()
    if day < today - BACK:
        raise BadInput({field: _("This day is over. Choose today or a later day.")})
    if day > today + AHEAD:
        raise BadInput({field: _("This day is too far away. Choose one within the next five years.")})
    return day

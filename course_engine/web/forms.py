"""What forms send, checked field by field: each fault is one sentence that says what to do."""

from collections.abc import Collection
from functools import cache
from typing import Any

from flask import request
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from course_engine.domain.errors import BadInput
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Scope, Theme
from course_engine.domain.progress import How
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, zone_names

LONGEST_ANSWER = 20_000
_MOST_FOREIGN = 3
TOO_LONG = mark("This is longer than a password can be here: at most 1000 characters.")
ZONES = sorted(zone_names())
OWN_PACES = [kind.value for kind in PaceKind if kind is not PaceKind.COHORT]


class Form(Schema):
    """A form: what it does not know is a fault, except the token and the page to go on to."""

    class Meta:
        unknown = RAISE

    csrf_token = fields.String(load_only=True)
    next = fields.String(load_default="")


def _text(message: str, most: int = 254, too_long: str = "") -> fields.String:
    return fields.String(
        required=True,
        validate=[
            validate.Regexp(r"\s*\S", error=message),
            validate.Length(max=most, error=too_long or message),
        ],
        error_messages={"required": message},
    )


def _optional(message: str, most: int = 254) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=most, error=message))


def _one_of(choices: list[str], message: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf(choices, error=message),
        error_messages={"required": message},
    )


class SignIn(Form):
    email = _text(mark("Write your e-mail address or sign-in name."))
    password = _text(mark("Write your password."), 1000, TOO_LONG)
    kept = fields.String(load_default="")


class Address(Form):
    email = _text(mark("Write your e-mail address."))


class NewAccount(Form):
    """Name, address and password are looked at where the account is made: all faults are told at once."""

    email = fields.String(load_default="")
    name = fields.String(load_default="")
    password = fields.String(load_default="")
    zone = fields.String(
        load_default="",
        validate=validate.OneOf(["", *ZONES], error=mark("Choose your time zone from the list.")),
    )
    language = fields.String(load_default="")


class NewPassword(Form):
    password = _text(mark("Choose a password."), 1000, TOO_LONG)


class Recovery(Form):
    email = _text(mark("Write your sign-in name."))
    code = _text(mark("Write the code that you noted down when you joined."), 60)
    password = _text(mark("Choose a password."), 1000, TOO_LONG)


class Begin(Form):
    course = _text(mark("Choose a course."))
    agree = fields.String(
        required=True, error_messages={"required": mark("Tick this box if you are 18 or over and agree.")}
    )
    pace = _one_of(OWN_PACES, mark("Choose how you would like to go through the weeks."))
    zone = _one_of(ZONES, mark("Choose your time zone from the list."))
    language = fields.String(load_default="")
    paper = fields.String(load_default="")


class Name(Form):
    name = _text(mark("Write the name you would like to be called by, in at most 80 characters."), 80)


class ChangedPassword(Form):
    old_password = _text(mark("Write your current password."), 1000, TOO_LONG)
    password = _text(mark("Choose a new password."), 1000, TOO_LONG)


class NewToken(Form):
    token_name = _text(mark("Say what the key is for, in at most 80 characters."), 80)
    scope = _one_of([scope.value for scope in Scope], mark("Choose what the program may do."))


class ChosenPace(Form):
    pace = _one_of(OWN_PACES, mark("Choose how you would like to go through the weeks."))


class ChosenPaper(Form):
    paper = fields.String(load_default="")


class ChosenZone(Form):
    zone = _one_of(ZONES, mark("Choose your time zone from the list."))


class ChosenLanguage(Form):
    language = _text(mark("Choose one of the languages."))


class ChosenTheme(Form):
    theme = _one_of([theme.value for theme in Theme], mark("Choose one of the themes."))


class ChosenRun(Form):
    run = _text(mark("Choose a course."))


class ChosenLine(Form):
    digest = _text(mark("Choose a line."))
    country = fields.String(
        load_default="",
        validate=validate.Regexp("([A-Z]{2})?$", error=mark("Choose a country from the list.")),
    )


class Done(Form):
    class Meta:
        unknown = EXCLUDE

    how = _one_of([how.value for how in How], mark("Choose done, gentler or not today."))
    page = fields.String(load_default="")


class Moment(Form):
    moment = fields.String(
        load_default="",
        validate=validate.OneOf(
            ["", "warm", "steady", "mixed", "unsettled", "overwhelmed"],
            error=mark("Choose one of the five words, or skip this."),
        ),
    )
    note = _optional(
        mark("This is longer than one page can hold. There is room for 20000 characters."), LONGEST_ANSWER
    )
    how = fields.String(load_default="")
    press = fields.String(load_default="")


class Entry(Form):
    text = _text(
        mark("Write a few words, or delete this page."),
        100_000,
        mark("This is longer than one page can hold. Keep a part of it, then begin a second page."),
    )
    press = fields.String(load_default="")
    made_from = fields.String(load_default="")
    step = fields.String(load_default="")
    entry = fields.String(load_default="")
    page = fields.String(load_default="")


class Code(Form):
    code = _text(mark("Write the code that stands on the certificate."), 60)


def read(form: type[Form], leave: Collection[str] = ()) -> dict[str, Any]:
    """What this form sent, but for the fields to `leave`, of which there may be several of one name.

    Raises BadInput with a sentence for every field that cannot be used.
    """
    sent = {name: value for name, value in request.form.items() if name not in leave}
    try:
        return dict(_reader(form).load(sent))
    except ValidationError as error:
        raise BadInput(sentences(error)) from error


@cache
def _reader(form: type[Form]) -> Form:
    # Making one takes longer than reading with it; it keeps nothing of what it reads.
    return form()


def sentences(error: ValidationError) -> dict[str, str]:
    """A sentence for every field that cannot be used; of fields that nobody asked for, the first few."""
    told = {str(name): fault for name, fault in dict(error.messages_dict).items()}
    foreign = sorted(name for name, fault in told.items() if _is_foreign(fault))
    told = {name: fault for name, fault in told.items() if name not in foreign[_MOST_FOREIGN:]}
    return {name: _sentence(name, fault) for name, fault in told.items()}


def _is_foreign(told: object) -> bool:
    return told == ["Unknown field."]


def _sentence(name: str, told: object) -> str:
    if _is_foreign(told):
        return _("This form has no field called %(name)s.", name=name)
    return _(str(told[0] if isinstance(told, list) and told else told))

"""What is sent to the API: JSON that says it is JSON, of a sound depth, with known fields only."""

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, NoReturn

from flask import Request, abort
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs import core
from webargs.flaskparser import FlaskParser

from course_engine.domain.errors import BadInput
from course_engine.domain.progress import How
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.rendering.paper import SHEETS, SIZES
from course_engine.services.boards import Show, Sort

HOW_MANY = mark("Send for how many people it is: 1 to 9999, or nothing.")
UNREADABLE = mark("This is not JSON that can be read.")


class Parser(FlaskParser):
    """Reads what was sent; every fault is told by the name of its field."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE}  # noqa: RUF012 - as in its parent

    def _raw_load_json(self, req: Request) -> Any:
        if not core.is_json(req.mimetype):
            abort(415)
        try:
            return core.parse_json(req.get_data(cache=True))
        except RecursionError:
            raise BadInput({"body": _("This is nested too deeply. Send one plain object.")}) from None
        except JSONDecodeError:
            raise
        except ValueError as error:
            # Such as a number of more digits than Python reads.
            self._handle_invalid_json_error(error, req)

    def _handle_invalid_json_error(
        self, error: Exception, req: Request, *_args: Any, **_more: Any
    ) -> NoReturn:
        raise BadInput({"body": _(UNREADABLE)}) from error

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Tell every fault at once."""
        told = error.messages if isinstance(error.messages, dict) else {}
        faults = {
            ("body" if name == "_schema" else str(name)): _first(found)
            for place in told.values()
            for name, found in place.items()
        }
        raise BadInput(faults) from error


class Asked(Schema):
    """Something sent: what it does not know is a fault."""

    class Meta:
        unknown = RAISE

    error_messages = {  # noqa: RUF012 - as in its parent
        "unknown": mark("There is no such field here."),
        "type": mark("Send one JSON object."),
    }


class NewCompletion(Asked):
    """How a step was completed."""

    how = fields.String(
        required=True,
        validate=validate.OneOf([how.value for how in How], error=mark("Choose done, gentler or not-today.")),
        error_messages={
            name: mark("Choose done, gentler or not-today.") for name in ("required", "null", "invalid")
        },
    )


class NewLanguage(Asked):
    """In which language to read courses."""

    language = fields.String(
        required=True,
        error_messages={
            name: mark("Choose one of the languages.") for name in ("required", "null", "invalid")
        },
    )


class Paper(Asked):
    """Which paper to print on, and how large; without them, the paper of the site and normal print."""

    paper = fields.String(
        validate=validate.OneOf(tuple(SHEETS), error=mark("Choose the paper: a4 or letter.")),
    )
    size = fields.String(
        validate=validate.OneOf(SIZES, error=mark("Choose the size: normal or large.")),
    )


class YesOrNo(fields.Boolean):
    """True or false and nothing that only looks like it, such as 1."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class NewInvitation(Asked):
    """A code that lets people into a group."""

    role = fields.String(
        load_default="learner",
        validate=validate.OneOf(["learner", "facilitator"], error=mark("Choose learner or facilitator.")),
        error_messages={name: mark("Choose learner or facilitator.") for name in ("null", "invalid")},
    )
    expires_at = fields.AwareDateTime(
        format="iso",
        load_default=None,
        allow_none=True,
        error_messages={
            name: mark("Send an instant with its zone, such as 2026-03-17T18:30:00Z, or nothing.")
            for name in ("invalid", "invalid_awareness", "format")
        },
    )
    most = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(
            1, 9999, error=mark("Send for how many people it is: 1 to 9999, or nothing.")
        ),
        error_messages={"invalid": mark("Send for how many people it is: 1 to 9999, or nothing.")},
    )
    fresh = YesOrNo(
        load_default=False,
        metadata={"description": "A new code; the one before lets nobody in any more."},
        error_messages={name: mark("Send true or false.") for name in ("null", "invalid")},
    )


class Listed(Asked):
    """Where to go on in a list."""

    cursor = fields.String(
        validate=validate.Regexp(
            r"^[A-Za-z0-9_.-]{1,2000}\Z", error=mark("Send the cursor as it was given.")
        ),
    )


class Board(Listed):
    """Which part of a board, in which order."""

    show = fields.String(
        validate=validate.OneOf(
            [show.value for show in Show], error=mark("Choose one of the parts there are.")
        ),
    )
    sort = fields.String(
        validate=validate.OneOf(
            [sort.value for sort in Sort], error=mark("Choose one of the orders there are.")
        ),
    )
    find = fields.String(
        validate=validate.Regexp(
            r"^[^\x00-\x1f\x7f-\x9f]{0,80}$", error=mark("Write at most 80 characters of a name.")
        ),
    )


def _first(found: Any) -> str:
    return _(str(found[0])) if isinstance(found, list) and found else _(UNREADABLE)

"""The part of the site that the pages of courses belong to."""

from flask import Blueprint, request

from course_engine.domain.roles import Act, may
from course_engine.web import here

LARGEST_UPLOAD = 24_000_000
blueprint = Blueprint("courses", __name__, url_prefix="/admin/courses")


@blueprint.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: dict[str, str] | None) -> None:
    """Let an admin send more than others may, so that a large file gets a sentence of its own."""
    if endpoint == "courses.bring" and request.method == "POST":
        visitor = here.visitor()
        if visitor is not None and may(visitor.roles, Act.ADMINISTER):
            request.max_content_length = LARGEST_UPLOAD

"""Checking a certificate: for anyone who holds its code."""

from course_engine.services import verifying
from course_engine.services.verifying import Verified
from course_engine.web.access import public
from course_engine.web.api import answers
from course_engine.web.api.described import Routes

blueprint = Routes("api-certificates", __name__, url_prefix="/api/v1/certificates", description="For anyone.")


@blueprint.get("/<code>", answers.Verified, refused=(404,), public=True)
@public
def verify(code: str) -> Verified:
    """What may be told about a code"""
    return verifying.verify(code)

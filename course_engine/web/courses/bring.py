"""Bringing a course in: a packed folder, or a folder of this machine; and what came of it."""

from contextlib import closing

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.services import drafts
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.courses.blueprint import blueprint


class ChosenFolder(forms.Form):
    course = fields.String(load_default="")


@blueprint.get("/import")
@to(Act.ADMINISTER)
def bring_page() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/import")
@to(Act.ADMINISTER)
def bring() -> ResponseReturnValue:
    """A file was chosen: it is read beside the pages, and nothing is published yet."""
    name, data = _chosen()
    try:
        job = drafts.ask_upload(here.engine(), here.person(), data, name, here.now())
    except BadInput as error:
        return _page(error.faults), 422
    return redirect(f"/jobs/{job.id}", 303)


@blueprint.post("/folders")
@to(Act.ADMINISTER)
def folder() -> ResponseReturnValue:
    """The same for a folder of this machine."""
    sent = forms.read(ChosenFolder)
    job = drafts.ask_folder(here.engine(), here.person(), sent["course"], here.now())
    return redirect(f"/jobs/{job.id}", 303)


@blueprint.get("/imports/<id>")
@to(Act.ADMINISTER)
def brought(id: str) -> ResponseReturnValue:
    """What came of it, with every fault and where it stands."""
    found = drafts.brought(here.person(), id)
    return render_template("admin/course-brought.html", page="admin", brought=found)


def _chosen() -> tuple[str, bytes]:
    """The name and the bytes of the file, no more of them than say that it is too large."""
    chosen = request.files.get("file")
    if chosen is None:
        return "", b""
    # A large file lies on the disk until it is closed.
    with closing(chosen):
        name = (chosen.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
        return name, chosen.read(drafts.LARGEST + 1)


def _page(faults: dict[str, str]) -> str:
    engine = here.engine()
    return render_template(
        "admin/course-import.html",
        page="admin",
        faults=faults,
        folders=drafts.on_this_machine(engine),
        by_hand=engine.config.publish == "manual",
        most=drafts.LARGEST // 1_000_000,
    )

"""The courses of the site, and one edition or draft: what is in it, what changed, whom it touches."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from course_engine.domain.errors import NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import language_name, mark
from course_engine.services import catalogue, differences, drafts, editions
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.courses.blueprint import blueprint


class OfDraft(forms.Form):
    """What to do with a draft; `over` is the edition it was compared with."""

    act = fields.String(
        required=True, validate=validate.OneOf(["publish", "forget"], error=mark("Choose what to do."))
    )
    over = fields.String(load_default="")


class OfEdition(forms.Form):
    act = fields.String(
        required=True,
        validate=validate.OneOf(["withdraw", "back", "renew"], error=mark("Choose what to do.")),
    )


@blueprint.get("")
@to(Act.ADMINISTER)
def courses() -> ResponseReturnValue:
    """Every course with its editions and drafts."""
    return render_template(
        "admin/courses.html", page="admin", entries=catalogue.entries(), zone=here.person().zone
    )


@blueprint.get("/drafts/<digest>")
@to(Act.ADMINISTER)
def draft(digest: str) -> ResponseReturnValue:
    """A course that nobody meets yet, beside the edition in use."""
    found = drafts.get(digest)
    return _page(digest, found.course, draft=found, against=catalogue.newest(found.course))


@blueprint.post("/drafts/<digest>")
@to(Act.ADMINISTER)
def decide(digest: str) -> ResponseReturnValue:
    """Publish a draft, or let it go."""
    sent = forms.read(OfDraft)
    engine, person = here.engine(), here.person()
    if sent["act"] == "forget":
        drafts.forget(engine, digest, person, here.now())
        flash(_("The draft is gone. Nothing else has changed."), "done")
        return redirect("/admin/courses", 303)
    made = drafts.publish(engine, digest, sent["over"], person, here.now())
    flash(
        _("“%(title)s” is published. Whoever begins from now on gets this edition.", title=made.title), "done"
    )
    return redirect(f"/admin/courses/editions/{digest}", 303)


@blueprint.get("/editions/<digest>")
@to(Act.ADMINISTER)
def edition(digest: str) -> ResponseReturnValue:
    """A published edition, beside the one in use or another (`with=`)."""
    use = catalogue.use(digest)
    others = [one for one in catalogue.editions_of(use.edition.course) if one.digest != digest]
    asked = request.args.get("with", "")
    offered = catalogue.newest(use.edition.course)
    before = next((one.digest for one in others if one.published_at < use.edition.published_at), "")
    against = next((one.digest for one in others if one.digest == asked), "" if asked else None)
    if against is None:
        against = before if digest == offered else offered
    return _page(digest, use.edition.course, use=use, others=others, against=against)


@blueprint.post("/editions/<digest>")
@to(Act.ADMINISTER)
def change(digest: str) -> ResponseReturnValue:
    """Withdraw an edition, put it back, or make it the newest again."""
    sent = forms.read(OfEdition)
    engine, person, now = here.engine(), here.person(), here.now()
    if sent["act"] == "withdraw":
        made = catalogue.withdraw(engine, digest, person, now)
        words = _("The edition is withdrawn. %(then)s", then=_offered(made.course))
    elif sent["act"] == "back":
        made = catalogue.put_back(engine, digest, person, now)
        words = _("The edition is back. %(then)s", then=_offered(made.course))
    else:
        catalogue.renew(engine, digest, person, now)
        words = _("Whoever begins from now on gets this edition.")
    flash(words, "done")
    return redirect(f"/admin/courses/editions/{digest}", 303)


def _offered(course: str) -> str:
    engine = here.engine()
    try:
        found = editions.offer(engine, course, here.person().language)
    except NotFound:
        return _("The course is not offered any more: nobody new can begin it.")
    digest = catalogue.newest(course)[:8]
    return _("New people get edition %(edition)s (%(short)s).", edition=found.edition, short=digest)


def _page(digest: str, course: str, *, against: str, **more: Any) -> str:
    engine, person = here.engine(), here.person()
    codes = catalogue.languages(engine, digest)
    comparison = catalogue.compare(engine, against, digest)
    return render_template(
        "admin/course-edition.html",
        page="admin",
        digest=digest,
        of=comparison.new,
        languages=[language_name(code) for code in codes],
        comparison=comparison,
        sections=differences.told(comparison) if comparison.old else [],
        against=against,
        newest=catalogue.newest(course),
        touched=catalogue.touched(course, digest),
        from_folder=next((one for one in drafts.on_this_machine(engine) if one.course == course), None),
        automatic=engine.config.publish == "auto",
        zone=person.zone,
        **more,
    )

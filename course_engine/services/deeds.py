"""A sentence for every act that the audit knows; whoever writes a new act down gives it one here."""

from collections.abc import Mapping

from course_engine.i18n import mark

KINDS: Mapping[str, str] = {
    "accounts": mark("Accounts"),
    "groups": mark("Groups"),
    "openings": mark("Opening and waiting"),
    "contact": mark("Requests for contact"),
    "certificates": mark("Certificates"),
    "courses": mark("Courses"),
    "site": mark("The site"),
}

# What the acts of a kind begin with.
HEADS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("person", "token"),
    "groups": ("cohort", "invitation", "message", "paper"),
    "openings": ("change", "run"),
    "contact": ("contact",),
    "certificates": ("certificate",),
    "courses": ("edition",),
    "site": ("site", "help_line", "letter", "job", "audit", "retention"),
}

ROLES: Mapping[str, str] = {
    "learner": mark("learner"),
    "facilitator": mark("facilitator"),
    "admin": mark("admin"),
}

ACTS: Mapping[str, str] = {
    "person.add": mark("%(who)s made an account for %(whom)s."),
    "person.password": mark("%(who)s took a new password."),
    "person.claim": mark("%(who)s took over the account that waited for them."),
    "person.claim_codes": mark("%(who)s made links or codes with which people come into their accounts."),
    "person.roles": mark("%(who)s changed the roles of %(whom)s: given %(given)s, taken %(taken)s."),
    "person.lock": mark("%(who)s locked the account of %(whom)s."),
    "person.unlock": mark("%(who)s unlocked the account of %(whom)s."),
    "person.reset": mark("%(who)s made a link with which %(whom)s can choose a new password."),
    "person.sign_out": mark("%(who)s signed %(whom)s out everywhere."),
    "person.export": mark("%(who)s saved all that is kept about %(whom)s."),
    "person.erase": mark("%(who)s erased %(whom)s."),
    "token.make": mark("%(who)s made a key for a program."),
    "token.revoke": mark("%(who)s took a key of a program back."),
    "cohort.add": mark("%(who)s made the group %(group)s."),
    "cohort.change": mark("%(who)s changed the settings of %(group)s."),
    "cohort.calendar": mark("%(who)s changed dates of %(group)s."),
    "cohort.edition": mark("%(who)s moved %(group)s to edition %(edition)s of %(course)s."),
    "cohort.end": mark("%(who)s ended %(group)s."),
    "cohort.go_on": mark("%(who)s let %(group)s go on."),
    "cohort.share": mark("%(whom)s leads %(group)s too, let in by %(who)s."),
    "cohort.stop_leading": mark("%(whom)s does not lead %(group)s any more, by %(who)s."),
    "cohort.join": mark("%(who)s joined %(group)s."),
    "cohort.decline": mark("%(who)s left a place in %(group)s to others."),
    "cohort.leave": mark("%(whom)s goes on alone and not with %(group)s, by %(who)s."),
    "cohort.take_in": mark("%(whom)s goes on with %(group)s, by %(who)s."),
    "cohort.remove": mark("%(who)s took %(whom)s out of %(group)s."),
    "cohort.add_on_paper": mark("%(who)s entered %(whom)s, who takes part in %(group)s on paper."),
    "cohort.begin_on_paper": mark("%(who)s noted that %(whom)s began with %(group)s on paper."),
    "cohort.roster": mark("%(who)s brought a table of people into %(group)s."),
    "cohort.wait": mark("%(who)s waits for a place in %(group)s."),
    "cohort.wait_no_longer": mark("%(whom)s does not wait for a place in %(group)s any more, by %(who)s."),
    "cohort.seat": mark("%(whom)s got a place that became free in %(group)s."),
    "cohort.attend": mark("%(who)s noted how %(whom)s took part in session %(session)s of %(group)s."),
    "invitation.make": mark("%(who)s made a code for %(group)s."),
    "invitation.limit": mark("%(who)s changed the limits of a code for %(group)s."),
    "invitation.revoke": mark("%(who)s withdrew a code for %(group)s."),
    "message.send": mark("%(who)s sent a message to %(group)s."),
    "message.cancel": mark("%(who)s called a message back."),
    "paper.enter": mark("%(who)s entered what %(whom)s did on paper in %(week)s."),
    "change.open": mark("%(who)s opened %(week)s early for %(whom)s."),
    "change.stay": mark("%(who)s let %(whom)s stay another week in %(week)s."),
    "change.hold": mark("%(who)s put the course of %(whom)s on hold."),
    "change.return": mark("%(who)s let the course of %(whom)s go on."),
    "change.waive": mark("%(who)s let %(whom)s go on without finishing %(week)s."),
    "change.paper": mark("%(who)s marked steps in %(week)s as done on paper for %(whom)s."),
    "change.undo": mark("%(who)s took back for %(whom)s: %(change)s."),
    "run.open_early": mark("%(who)s opened %(week)s early for %(whom)s."),
    "run.hold": mark("%(who)s put the course of %(whom)s on hold."),
    "run.extend": mark("%(who)s let %(whom)s stay another week in %(week)s."),
    "run.waive": mark("%(who)s let %(whom)s go on without finishing %(week)s."),
    "run.undo": mark("%(who)s took back for %(whom)s: %(change)s."),
    "run.return": mark("%(who)s let the course of %(whom)s go on."),
    "run.edition": mark("%(whom)s goes on with edition %(edition)s of %(course)s."),
    "contact.read": mark("%(who)s read the requests for contact of %(group)s."),
    "contact.move": mark("%(who)s noted how far a request of %(whom)s has come."),
    "certificate.award": mark("%(who)s gave %(whom)s a certificate."),
    "certificate.decide": mark("%(who)s gave %(whom)s a certificate by their own decision."),
    "certificate.correct": mark("%(who)s corrected a certificate of %(whom)s."),
    "certificate.withdraw": mark("%(who)s withdrew a certificate of %(whom)s."),
    "certificate.mail": mark("%(who)s sent the certificates of %(group)s by mail."),
    "edition.bring": mark("%(who)s brought in edition %(edition)s of %(course)s."),
    "edition.forget": mark("%(who)s dropped edition %(edition)s of %(course)s, which was not published."),
    "edition.publish": mark("%(who)s published edition %(edition)s of %(course)s."),
    "edition.withdraw": mark("%(who)s withdrew edition %(edition)s of %(course)s."),
    "edition.put_back": mark("%(who)s put edition %(edition)s of %(course)s back."),
    "help_line.confirm": mark("%(who)s found a help line right and let it show."),
    "help_line.take_back": mark("%(who)s let a help line wait again."),
    "site.change": mark("%(who)s changed the settings of the site."),
    "site.test_letter": mark("%(who)s sent themselves a test letter."),
    "letter.again": mark("%(who)s had a letter tried again."),
    "letter.drop": mark("%(who)s dropped a letter that waited."),
    "job.again": mark("%(who)s had a job of %(whom)s done again."),
    "job.cancel": mark("%(who)s cancelled a job of %(whom)s."),
    "audit.save": mark("%(who)s saved lines of the audit as a table."),
    "retention.rules": mark("%(who)s changed how long things are kept."),
}

# What was taken back, by the kind of change; `%(week)s` is its week.
UNDONE: Mapping[str, str] = {
    "open_early": mark("opening %(week)s early"),
    "hold": mark("a hold"),
    "extend": mark("another week in %(week)s"),
    "waive": mark("going on without finishing %(week)s"),
    "paper": mark("marks for what was done on paper"),
    "return": mark("the end of a hold"),
}

# How it is told when somebody did it for themselves.
OWN: Mapping[str, str] = {
    "cohort.share": mark("%(who)s leads %(group)s too."),
    "cohort.stop_leading": mark("%(who)s does not lead %(group)s any more."),
    "cohort.leave": mark("%(who)s goes on alone and not with %(group)s."),
    "cohort.take_in": mark("%(who)s goes on with %(group)s."),
    "cohort.attend": mark(
        "%(who)s noted for themselves how they took part in session %(session)s of %(group)s."
    ),
    "run.hold": mark("%(who)s put their course on hold."),
    "run.extend": mark("%(who)s stays another week in %(week)s."),
    "run.return": mark("%(who)s came back from a hold."),
    "run.undo": mark("%(who)s took back for themselves: %(change)s."),
    "person.roles": mark("%(who)s changed their own roles: given %(given)s, taken %(taken)s."),
    "person.reset": mark("%(who)s made a link to choose a new password with."),
    "person.sign_out": mark("%(who)s signed out everywhere."),
    "job.again": mark("%(who)s had a job of their own done again."),
    "job.cancel": mark("%(who)s cancelled a job of their own."),
    "certificate.award": mark("%(who)s was given a certificate."),
    "certificate.correct": mark("%(who)s had the name on a certificate corrected."),
}

# Acts of the site itself that tell of so many.
COUNTED: Mapping[str, tuple[str, str]] = {
    "retention.runs": (
        mark("The site deleted %(n)s course that nobody had come back to."),
        mark("The site deleted %(n)s courses that nobody had come back to."),
    ),
    "retention.emptied": (
        mark("The site emptied %(n)s course that nobody had come back to; its certificate stays."),
        mark("The site emptied %(n)s courses that nobody had come back to; their certificates stay."),
    ),
    "retention.requests": (
        mark("The site deleted %(n)s request for contact of a group that has ended."),
        mark("The site deleted %(n)s requests for contact of groups that have ended."),
    ),
    "retention.invited": (
        mark("The site forgot %(n)s person who was invited and never came."),
        mark("The site forgot %(n)s people who were invited and never came."),
    ),
    "retention.audit": (
        mark("The site deleted %(n)s old line of the audit."),
        mark("The site deleted %(n)s old lines of the audit."),
    ),
}


def kind_of(act: str) -> str:
    """The kind an act belongs to; empty for one that has none."""
    head = act.partition(".")[0]
    return next((kind for kind, heads in HEADS.items() if head in heads), "")

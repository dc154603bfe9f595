"""New accounts by address: the link goes by mail, so nobody learns from the page who has an account."""

from collections.abc import Callable
from datetime import datetime, timedelta

from course_engine.crypto import new_id
from course_engine.domain.errors import Refused
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import letters, tries
from course_engine.services.names import read_mail_address
from course_engine.storage import people

LASTS = timedelta(days=1)


def by_mail(engine: Engine) -> bool:
    """Whether this site can send the link: it has a mail server, or shows its letters itself."""
    return letters.can_go(engine)


def ask(engine: Engine, typed: str, sign: Callable[[str, datetime], str], now: datetime) -> Letter:
    """Send a link that makes an account for this address, or says that there is one already.

    A few letters an hour go to one address; who asks for more sees no difference.
    Raises BadInput for what is no address, Refused where the site cannot send mail.
    """
    if not by_mail(engine):
        raise Refused(_("This site cannot send mail yet. Choose a sign-in name instead."))
    address = read_mail_address(typed)
    letter = Letter(
        id=new_id(),
        to=address,
        subject=_("%(site)s: your link", site=engine.config.site_name),
        text=_letter(
            engine, address, sign(address, now + LASTS), known=people.by_address(address) is not None
        ),
        created_at=now,
    )
    with engine.database.transaction():
        posted = letter if tries.may_write("sign-up", address, now) else tries.unsent(letter)
        letters.post(engine, posted, now + LASTS)
    return letter


def _letter(engine: Engine, address: str, token: str, *, known: bool) -> str:
    root = engine.config.base_url
    if known:
        return _(
            "Hello,\n\nthere is an account with this address already. You can sign in here:\n\n"
            "%(sign_in)s\n\nor choose a new password:\n\n%(reset)s\n\n"
            "If you did not ask for this, you can leave this mail as it is.\n",
            sign_in=f"{root}/sign-in",
            reset=f"{root}/reset",
        )
    return _(
        "Hello,\n\nopen this link within a day to make your account:\n\n%(link)s\n\n"
        "If you did not ask for this, you can leave this mail as it is: nothing is made.\n",
        link=f"{root}/sign-up/link/{token}",
    )

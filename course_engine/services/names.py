"""What people are called by, and what they sign in with: read as somebody has typed it."""

import re

from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _
from course_engine.mail import postal_domain

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_UNSEEN = dict.fromkeys(map(ord, "\u200c\u200d\u115f\u1160\u3164\uffa0"))
_SIGN_IN_NAME = re.compile(r"[\w.-]{3,40}")


def checked_name(typed: str, wrong: str = "") -> str:
    """A name as it is shown: any letters, spaces tidied. Raises BadInput, with the sentence `wrong`.

    Somebody has to be seen by it, on a board and on a certificate: one letter or digit is the least.
    """
    name = " ".join(typed.split())
    seen = _seen(name)
    if len(name) > 80 or not seen.isprintable() or not any(map(str.isalnum, seen)):
        own = _("Write the name you would like to be called by, in at most 80 characters.")
        raise BadInput({"name": wrong or own})
    return name


def read_address(typed: str) -> tuple[str | None, str | None]:
    """An e-mail address or else a sign-in name, as it is stored. Raises BadInput."""
    text = typed.strip().lower()
    if _is_address(text):
        return text, None
    if _SIGN_IN_NAME.fullmatch(text):
        return None, text
    raise BadInput(
        {
            "email": _(
                "Write an e-mail address like name@example.org, or a sign-in name of 3 to 40 letters, "
                "numbers, dots and dashes."
            )
        }
    )


def read_mail_address(typed: str) -> str:
    """An e-mail address, and no sign-in name, as it is stored. Raises BadInput."""
    text = typed.strip().lower()
    if not _is_address(text):
        raise BadInput({"email": _("Write an e-mail address like name@example.org.")})
    return text


def read_sign_in_name(typed: str) -> str:
    """A sign-in name as it is stored, and no address. Raises BadInput."""
    text = typed.strip().lower()
    if "@" in text:
        raise BadInput(
            {"email": _("Choose a name of letters and numbers. With an address you get a link by mail.")}
        )
    if not _SIGN_IN_NAME.fullmatch(text):
        raise BadInput({"email": _("Choose a sign-in name of 3 to 40 letters, numbers, dots and dashes.")})
    return text


def initials(name: str) -> str:
    """The first letter or digit of each word of a name, such as "A. L."."""
    first = (next(filter(str.isalnum, word), "") for word in _seen(name).split())
    return " ".join(f"{letter.upper()}." for letter in first if letter)


def _is_address(text: str) -> bool:
    local, _at, domain = text.rpartition("@")
    if len(text) > 254 or not _LOCAL.fullmatch(local) or not postal_domain(domain):
        return False
    if not local.isascii():
        raise BadInput(
            {"email": _("Mail reaches only addresses with plain letters, a to z, before the @ sign.")}
        )
    return True


def _seen(name: str) -> str:
    """A name without what leaves no sign: two joiners of Persian and Indic names, and fillers of Korean."""
    return name.translate(_UNSEEN)

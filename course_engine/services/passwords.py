"""Passwords: how they are stored, and which are too easy to guess."""

import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from course_engine import turns
from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _

# OWASP password storage cheat sheet: Argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")

# NIST SP 800-63B-4: at least 15 signs where a password stands alone, any signs, no rules of composition.
LEAST = 15
MOST = 256
_COMMON = Path(__file__).with_name("common_passwords.txt")


def hashed(password: str) -> str:
    """What is stored of a password."""
    with turns.aside(calling=True):
        return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password; takes as long for a person that does not exist (`stored` None).

    Nobody has an empty one: people on paper, and those who were invited only, have no way in yet.
    """
    try:
        with turns.aside(calling=True):
            _HASHER.verify(stored or _NOBODY, _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether it was stored with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def check(password: str, *about: str) -> None:
    """Raises BadInput for a password that is too short, too long or too easy to guess.

    `about` are words an attacker would try first: the name, the address, the name of the site.
    """
    text = _normal(password)
    if len(text) < LEAST:
        raise BadInput(
            {
                "password": _(
                    "Use at least %(least)s characters. Four or five words make a good password.", least=LEAST
                )
            }
        )
    if len(text) > MOST:
        raise BadInput({"password": _("Use at most %(most)s characters.", most=MOST)})
    if _easy(text.casefold(), [word.casefold() for word in about if len(word) > 3]):
        raise BadInput(
            {
                "password": _(
                    "This password is easy to guess. Add a few words that only you would put together."
                )
            }
        )


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _easy(text: str, about: list[str]) -> bool:
    rest = text
    for word in sorted([*about, *_common()], key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(set(rest)) < 5 or _repeats(text) or _runs(text)


def _repeats(text: str) -> bool:
    """Whether it is one short piece again and again."""
    return any(len(text) > 2 * size and (text[:size] * len(text)).startswith(text) for size in range(1, 8))


def _runs(text: str) -> bool:
    """Whether most of it is a run of the alphabet, of figures or of the keyboard."""
    rows = ("abcdefghijklmnopqrstuvwxyz", "0123456789012345", "qwertyuiopasdfghjklzxcvbnm")
    lines = [line for row in rows for line in (row, row[::-1])]
    inside = sum(any(text[i : i + 4] in line for line in lines) for i in range(len(text) - 3))
    return inside > (len(text) - 3) * 0.6


def _common() -> list[str]:
    return _COMMON.read_text(encoding="utf-8").split()

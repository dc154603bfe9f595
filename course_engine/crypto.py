"""Keys and secrets: sealing what people write, new ids and codes, digests of tokens.

Each person has a key of their own, wrapped by the site's data keys (`DataKeys`, newest first); what
they write is sealed with it by AES-256-GCM and bound to its table, person and row, so a sealed text
put in another place does not open. Throwing the wrapped key away makes all of it unreadable.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Crockford base32: no I, L, O or U, so nothing is mistaken for 1, 0 or V.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("ILO", "110")
_NONCE = 12


class Unsealable(Exception):
    """A sealed text does not open: it was moved, changed, or its key is gone."""


class DataKeys:
    """The site's data keys, newest first: the first wraps, all unwrap."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._ring = MultiFernet([Fernet(key) for key in keys])

    def new_person_key(self) -> bytes:
        """A fresh key for one person, wrapped."""
        return self._ring.encrypt(AESGCM.generate_key(bit_length=256))

    def open(self, wrapped: bytes) -> "PersonKey":
        """The key of one person, ready to seal and open. Raises Unsealable."""
        try:
            return PersonKey(self._ring.decrypt(wrapped))
        except InvalidToken as error:
            raise Unsealable("This person's key does not open with the data keys of this site.") from error


class Envelope:
    """Closes words that go round in an address, such as a cursor, so that nobody reads them on the way.

    `keys` are the site's secret keys, newest first; what was closed for another purpose does not open.
    """

    def __init__(self, keys: Sequence[str], purpose: str) -> None:
        made = [hashlib.sha256(f"{purpose}|{key}".encode()).digest() for key in keys]
        self._ring = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])

    def close(self, words: str) -> str:
        """The words in signs that an address takes as they are."""
        return self._ring.encrypt(words.encode()).decode().rstrip("=")

    def open(self, closed: str) -> str:
        """The words that were closed. Raises Unsealable."""
        try:
            return self._ring.decrypt(closed + "=" * (-len(closed) % 4)).decode()
        except InvalidToken as error:
            raise Unsealable("These words were not closed here.") from error


class PersonKey:
    """Seals and opens what one person wrote."""

    def __init__(self, key: bytes) -> None:
        self._box = AESGCM(key)

    def seal(self, text: str, place: str) -> bytes:
        """Seal a text for one place, such as `journal|PERSON|ROW`."""
        return self.seal_bytes(text.encode(), place)

    def open(self, sealed: bytes, place: str) -> str:
        """The text that was sealed for this place. Raises Unsealable."""
        return self.open_bytes(sealed, place).decode()

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """Seal a document for one place."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._box.encrypt(nonce, data, place.encode())

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The document that was sealed for this place. Raises Unsealable."""
        try:
            return self._box.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise Unsealable("A sealed text does not open in this place.") from error


def new_data_key() -> str:
    """A key for COURSE_ENGINE_DATA_KEYS."""
    return Fernet.generate_key().decode()


def is_data_key(key: str) -> bool:
    """Whether this is 32 bytes in URL-safe base64."""
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


def new_id() -> str:
    """A random id of 80 bits: 16 lower-case signs."""
    return new_code(16).lower()


def new_code(signs: int) -> str:
    """A random code to read aloud and type, of 5 bits a sign."""
    return "".join(secrets.choice(_SIGNS) for _ in range(signs))


def pressed_id(press: str, *about: str) -> str:
    """An id for what a form makes of these words: sent again with the same `press`, it is the same id.

    `press` is a random word of the form that is kept nowhere, so nobody can guess at the words from the id.
    """
    return pressed_code(press, 16, *about).lower()


def pressed_code(press: str, signs: int, *about: str) -> str:
    """The same for a code of so many signs; without a `press` it is new each time."""
    if not press:
        return new_code(signs)
    return "".join(_SIGNS[byte % len(_SIGNS)] for byte in digest("|".join((press, *about)))[:signs])


def fingerprint(key: str, *about: str) -> str:
    """A short mark that is the same for the same words; without the secret key nobody can guess at them."""
    return hmac.new(key.encode(), "|".join(about).encode(), hashlib.sha256).hexdigest()[:20]


def read_code(typed: str) -> str:
    """A code as it was typed, without look-alikes and whatever stands between its signs."""
    return "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_LOOK_ALIKES)


def new_token() -> str:
    """A secret of 256 bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored of a secret token: it finds the row and cannot be turned back."""
    return hashlib.sha256(token.encode()).digest()

"""What a document can reach: pictures under `asset:NAME`, and nothing else in the world.

A document's own pictures get names from what is in them, because the documents of a pack share a cache.
"""

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _

DEEPEST = 60
WIDEST = 50
LONGEST = 4_000_000

_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
_ENDINGS = {kind.removeprefix("image/"): ending for ending, kind in _TYPES.items()}
_INSIDE = re.compile(r'(?<= src=")data:image/(svg\+xml|png|jpeg);base64,([A-Za-z0-9+/=]+)(?=")')
_NAMED = re.compile(r'(?<= src=")asset:([a-z.]+)(?=")')


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Gives what is in its mapping under `asset:NAME`, and nothing else in the world."""

    def __init__(self, held: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)
        self._held = held

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        if scheme != "asset" or name not in self._held:
            raise ValueError("Documents hold only what belongs to them.")
        kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
        return URLFetcherResponse(url, self._held[name], {"Content-Type": kind})


def apart(text: str, own: Mapping[str, bytes]) -> tuple[str, Mapping[str, bytes]]:
    """The text with names for its own pictures, and for those that a course's text carries within it.

    No address but ours is followed.
    """
    found: dict[str, bytes] = {}

    def put(picture: bytes, ending: str) -> str:
        name = f"own/{hashlib.sha256(picture).hexdigest()[:32]}{ending}"
        found[name] = picture
        return f"asset:{name}"

    def carried(match: re.Match[str]) -> str:
        return put(b64decode(match[2]), _ENDINGS[match[1]])

    def named(match: re.Match[str]) -> str:
        picture = own.get(match[1])
        return match[0] if picture is None else put(picture, Path(match[1]).suffix)

    return _NAMED.sub(named, _INSIDE.sub(carried, text)), found


def parsed(text: str, fetcher: AssetFetcher) -> HTML:
    """The text as the library reads it. Raises Refused for one that would take all memory."""
    if len(text) > LONGEST:
        raise Refused(_("This is too long to be printed as one document. Please print a part of it."))
    html = HTML(string=text, base_url="asset:", url_fetcher=fetcher)
    _refuse_bombs(html.etree_element)
    return html


def _refuse_bombs(root: object) -> None:
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        if depth > DEEPEST:
            raise Refused(_("This text is nested too deeply to be printed."))
        for span in ("colspan", "rowspan", "span"):
            if not _is_small(element.get(span, "1")):  # type: ignore[attr-defined]
                raise Refused(_("This text has a table too wide or too tall to be printed."))
        waiting.extend((child, depth + 1) for child in element)  # type: ignore[attr-defined]


def _is_small(span: str) -> bool:
    return span.strip().isascii() and span.strip().isdigit() and int(span.strip()[:6]) <= WIDEST

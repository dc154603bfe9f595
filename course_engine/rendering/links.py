"""The addresses a PDF leads to, read without a library: enough to know our own documents again."""

import re
import zlib
from collections.abc import Iterator

_LARGEST = 4_000_000
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def verify_code(pdf: bytes) -> str | None:
    """The code that verifies this certificate, from its link; None where there is no such link."""
    for part in _parts(pdf):
        found = re.search(rb"/verify/([0-9A-Z]{16})\b", part)
        if found is not None:
            return found[1].decode()
    return None


def _parts(pdf: bytes) -> Iterator[bytes]:
    """The file as it lies there, then what its compressed streams hold, where links mostly are."""
    yield pdf
    for start in _STREAM.finditer(pdf):
        try:
            # Cut short, so that a file made to swell does not fill the memory.
            yield zlib.decompressobj().decompress(pdf[start.end() :], _LARGEST)
        except zlib.error:
            continue

"""QR codes as small black and white pictures."""

from io import BytesIO

import segno

_MASK = 3  # any of the eight is valid; trying them all for the prettiest is most of the work


def png(address: str) -> bytes:
    """The address as a QR code with its quiet border, four dots a module."""
    out = BytesIO()
    segno.make(address, error="m", micro=False, mask=_MASK).save(out, kind="png", scale=4, border=4)
    return out.getvalue()

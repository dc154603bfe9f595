"""QR codes as small black and white pictures, for paper and for a screen."""

from io import BytesIO

import segno

_MASK = 3  # any of the eight is valid; trying them all for the prettiest is most of the work


def png(address: str) -> bytes:
    """The address as a QR code with its quiet border, four dots a module."""
    out = BytesIO()
    segno.make(address, error="m", micro=False, mask=_MASK).save(out, kind="png", scale=4, border=4)
    return out.getvalue()


def svg(address: str) -> str:
    """The same as a drawing for a page, black on white in every theme, six pixels a module."""
    drawn = segno.make(address, error="m", micro=False, mask=_MASK)
    return drawn.svg_inline(scale=6, border=4, light="#fff", svgclass=None, lineclass=None)

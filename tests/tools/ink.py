"""How much ink a page takes: the share of it that is dark, and whether any of it has a colour."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageStat

from tests.tools.pdf import pixels

DOTS = 40

_HEAD = re.compile(rb"P6\n(\d+) (\d+)\n255\n")


@dataclass(frozen=True, slots=True)
class Ink:
    """What a document takes, in whole pages of black, and the widest gap between its red, green and blue."""

    black: float
    colour: int


def ink(data: bytes) -> Ink:
    """Measured in small pictures of every page."""
    pictures = list(_pictures(pixels(data, DOTS)))
    return Ink(sum(map(_dark, pictures)), max(map(_colour, pictures)))


def _pictures(drawn: bytes) -> Iterator[Image.Image]:
    start = 0
    while found := _HEAD.match(drawn, start):
        width, height = int(found[1]), int(found[2])
        start = found.end() + 3 * width * height
        yield Image.frombytes("RGB", (width, height), drawn[found.end() : start])


def _dark(picture: Image.Image) -> float:
    return 1 - ImageStat.Stat(picture.convert("L")).mean[0] / 255


def _colour(picture: Image.Image) -> int:
    red, green, blue = picture.split()
    pairs = ((red, green), (green, blue))
    gaps = [ImageChops.difference(one, other).getextrema()[1] for one, other in pairs]
    return max(int(str(gap)) for gap in gaps)

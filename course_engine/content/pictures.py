"""Which pictures a course may show: small, still, and with nothing inside that acts or fetches."""

import re
from collections.abc import Mapping

from course_engine.content.folder import PICTURES
from course_engine.content.reading import shortened
from course_engine.i18n import gettext as _

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.(svg|png|jpg)")
_STARTS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
_ACTIVE = re.compile(
    rb"<\s*(?!/|\?xml|!--|(svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|title|desc|defs"
    rb"|lineargradient|radialgradient|stop|clippath|mask|use|symbol|pattern)[\s/>])"
    rb"|\son[a-z]+\s*=|href\s*=\s*[\"'](?!#)|href\s*=\s*[^\"'\s]|url\(\s*[\"']?(?!#)|@import|\sstyle\s*=|&(?!amp;|lt;|gt;)",
    re.IGNORECASE,
)


def drawable(pictures: Mapping[str, bytes], folder: str, name: str) -> str:
    """Empty when the picture of this name in the folder can be shown, else a sentence that says why not."""
    shown = shortened(name)
    if not _NAME.fullmatch(name):
        return _(
            "`%(name)s` is not a picture of this folder; "
            "name a file such as `my-picture.svg` that lies beside this one.",
            name=shown,
        )
    raw = pictures.get(f"{folder}/{name}" if folder else name)
    if raw is None:
        return _("There is no picture `%(name)s` in this folder, or it cannot be used.", name=shown)
    kind = name.rsplit(".", 1)[-1]
    if kind in _STARTS and not raw.startswith(_STARTS[kind]):
        return _(
            "`%(name)s` is not what its ending says; save it again as %(kind)s.",
            name=shown,
            kind=kind.upper(),
        )
    if kind == "svg" and (b"<svg" not in raw or _ACTIVE.search(raw)):
        return _(
            "`%(name)s` holds more than shapes and words (a script, a style, a link or another file); "
            "save it as plain SVG.",
            name=shown,
        )
    return ""


__all__ = ["PICTURES", "drawable"]

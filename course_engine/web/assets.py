"""Static files: one folder whose address carries a digest of all it holds, so they may be kept for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from course_engine.paths import STATIC

FOR_EVER = 31_536_000


def init(app: Flask) -> None:
    """Serve the static folder below `/static/DIGEST/` and tell templates where."""
    root = f"/static/{digest()}/"
    served = WhiteNoise(app.wsgi_app, root=STATIC, prefix=root, max_age=FOR_EVER, immutable_file_test=_always)
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = lambda name: root + name


@cache
def digest() -> str:
    """A digest of every static file."""
    found = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(STATIC)}\0".encode())
        found.update(Path(path).read_bytes())
    return found.hexdigest()[:16]


def _always(_path: str, _url: str) -> bool:
    return True

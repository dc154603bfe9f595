"""Static files: one folder whose address carries a digest of all it holds, so they may be kept for ever.

A copy with compressed texts is made in the data folder the first time, so that a phone on a slow network
loads a quarter of them.
"""

import hashlib
import logging
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from course_engine.paths import STATIC
from course_engine.web.security import HEADERS

FOR_EVER = 31_536_000
_log = logging.getLogger(__name__)


def init(app: Flask, data: Path) -> None:
    """Serve the static folder below `/static/DIGEST/` and tell templates where."""
    root = f"/static/{digest()}/"
    served = WhiteNoise(
        app.wsgi_app,
        root=_compressed(data),
        prefix=root,
        max_age=FOR_EVER,
        immutable_file_test=_always,
        allow_all_origins=False,
        add_headers_function=_protect,
    )
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = lambda name: root + name


@cache
def digest() -> str:
    """A digest of every static file."""
    found = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(STATIC)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _compressed(data: Path) -> Path:
    """The copy for this digest, made whole or not at all."""
    copy = data / "static" / digest()
    if copy.is_dir():
        return copy
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(dir=copy.parent))
    except OSError as fault:
        return _as_they_are(fault)
    try:
        _write(draft)
        draft.rename(copy)
    except OSError as fault:
        shutil.rmtree(draft, ignore_errors=True)
        return (
            copy if copy.is_dir() else _as_they_are(fault)
        )  # another process was first, or there is no room
    return copy


def _write(draft: Path) -> None:
    shutil.copytree(STATIC, draft, dirs_exist_ok=True)
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in [path for path in draft.rglob("*") if path.is_file()]:
        if compressor.should_compress(path.name):
            compressor.compress(str(path))


def _as_they_are(fault: OSError) -> Path:
    _log.warning("static files are served uncompressed", extra={"fault": str(fault)})
    return STATIC


def _protect(headers: Headers, _path: str, _url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


def _always(_path: str, _url: str) -> bool:
    return True

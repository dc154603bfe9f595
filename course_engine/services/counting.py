"""How many pages and sheets a pack takes, told before the first is printed.

Each document is set once and its length kept by a digest of what it is made from, so that most packs are
counted without setting anything. What takes longer than a moment is counted as a job.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from course_engine import __version__
from course_engine.crypto import new_id
from course_engine.domain.errors import Unavailable
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.rendering import collating, pdf
from course_engine.rendering.collating import Asked, Length, Wanted
from course_engine.rendering.press import Tell
from course_engine.services import jobs, orders, prints
from course_engine.services.packs import Pack
from course_engine.storage import files

KIND = "count"
LONG = ("book",)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class _Document:
    """One document to be counted, by the digest under which its length is kept."""

    digest: bytes
    kind: str
    values: Mapping[str, object]
    language: str


def length(engine: Engine, person: Person, made: Pack, now: datetime, back: str = "") -> Length | Job:
    """The length of a pack, or the job that counts it and leads `back` to where it was asked for.

    Waits at most two seconds. Raises Refused for what cannot be printed.
    """
    pages: list[int] = []
    # What turns out too short to fold is counted once more, flat.
    for _time in range(2):
        documents = _documents(made, pages)
        found = _known(documents)
        missing = [one for one in {one.digest: one for one in documents}.values() if one.digest not in found]
        left = _count_soon(engine, missing, found, now)
        if left:
            return _ask(engine, person, left, back, now)
        pages = [found[one.digest] for one in documents]
    return _length(made, pages)


def known(made: Pack) -> Length | None:
    """The length of a pack where it has been counted before."""
    pages: list[int] = []
    for _time in range(2):
        documents = _documents(made, pages)
        found = _known(documents)
        if any(one.digest not in found for one in documents):
            return None
        pages = [found[one.digest] for one in documents]
    return _length(made, pages)


def make(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> Mapping[str, object]:
    """Handler of the job kind `count`: counts what was left, and leads back."""
    person = jobs.asked_by(job)
    documents = [_document(*told) for told in orders.opened(engine, person, job)]
    total = len(documents) * _WHOLE
    for place, one in enumerate(documents):
        progress(place * _WHOLE, total)
        if one.digest not in _known([one]):
            _count_one(engine, person, one, partial(_passed_on, progress, place * _WHOLE, total), now)
    return {"page": str(job.subject["back"])}


def _count_soon(
    engine: Engine, missing: Sequence[_Document], known: dict[bytes, int], now: datetime
) -> list[_Document]:
    """Count what can be counted in a moment, into `known`; gives what is left."""
    left = list(missing)
    until = time.monotonic() + prints.WAIT
    if not left or any(one.kind in LONG for one in left) or not prints.turn.acquire(blocking=False):
        return left
    try:
        while left:
            one = left[0]
            within = max(0.05, until - time.monotonic())
            known[one.digest] = pdf.count(one.kind, one.values, one.language, within).pages
            _keep(engine, one, known[one.digest], now)
            left.pop(0)
    except Unavailable:
        pass
    finally:
        prints.turn.release()
    return left


def _count_one(engine: Engine, person: Person, one: _Document, tell: Tell, now: datetime) -> None:
    if one.kind not in LONG:
        _keep(engine, one, pdf.count(one.kind, one.values, one.language).pages, now)
        return
    # Setting a book takes nearly as long as making it, so it is made and kept.
    made = pdf.render_long(one.kind, one.values, one.language, tell)
    prints.keep(
        engine, person, prints.Print(one.kind, one.values, one.language, "workbook.pdf"), made.pdf, now
    )
    _keep(engine, one, made.pages, now)


def _passed_on(progress: jobs.Progress, before: int, total: int, percent: int) -> None:
    progress(before + percent, total)


def _documents(made: Pack, pages: Sequence[int]) -> list[_Document]:
    """What a pack is made of; with the `pages` of each, as they say how much of a booklet is folded."""
    folds = collating.folding(_asked(made), pages) if made.booklet else [False] * len(made.parts)
    return [
        _document(
            part.kind, {**part.values, **({"folded": True} if one else {})}, part.language or made.language
        )
        for part, one in zip(made.parts, folds, strict=True)
    ]


def _document(kind: str, values: Mapping[str, object], language: str) -> _Document:
    made_from = [__version__, pdf.looks(), prints.PAGES, kind, language, values]
    text = json.dumps(made_from, sort_keys=True)
    return _Document(hashlib.sha256(text.encode()).digest(), kind, values, language)


def _known(documents: Sequence[_Document]) -> dict[bytes, int]:
    return {digest: int(told) for digest, told in files.notes({one.digest for one in documents}).items()}


def _keep(engine: Engine, one: _Document, pages: int, now: datetime) -> None:
    with engine.database.transaction():
        files.keep(files.File(new_id(), one.digest, prints.PAGES, "", str(pages).encode(), None, now))


def _length(made: Pack, pages: Sequence[int]) -> Length:
    of = Wanted(_asked(made), made.language, made.title, made.sides, made.booklet, made.run_on)
    return collating.length(pages, of)


def _asked(made: Pack) -> list[Asked]:
    return [Asked(part.kind, part.values, part.language, part.copies, part.joined) for part in made.parts]


def _ask(engine: Engine, person: Person, left: Sequence[_Document], back: str, now: datetime) -> Job:
    mark = hashlib.sha256(b"".join(sorted(one.digest for one in left))).hexdigest()
    with engine.database.transaction():
        engine.database.one_at_a_time(f"jobs of {person.id}")
        # One that was given up is shown, so that nothing is counted again and again in vain.
        before = next((job for job in jobs.of(person, KIND) if job.subject.get("digest") == mark), None)
        if before is not None and before.state is not JobState.DONE:
            return before
        told = [[one.kind, one.values, one.language] for one in left]
        order = orders.keep(engine, person, told, "", now)
        subject = {"order": order, "digest": mark, "back": back}
        return jobs.ask(engine, KIND, person, subject, len(left) * _WHOLE, now)

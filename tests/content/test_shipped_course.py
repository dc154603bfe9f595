"""The course that comes with the engine, as its author would check it."""

import time

from course_engine.content import loader
from course_engine.paths import MODULES


def test_the_shipped_course_is_read_back_quickly() -> None:
    compiled = loader.compile_course(MODULES / "self-compassion")
    assert [str(fault) for fault in compiled.faults] == []
    raw = loader.encode(compiled.data)

    took = []
    for _time in range(5):
        began = time.thread_time()
        shipped = loader.course_of(loader.decode(raw))
        took.append(time.thread_time() - began)
    assert min(took) < 0.1
    assert [week.number for week in shipped.weeks] == list(range(9))

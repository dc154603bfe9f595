"""A worker whose only handler gets half done and then takes for ever: slow_worker.py FOLDER DATABASE"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from course_engine.config import read_config
from course_engine.domain.work import Job
from course_engine.engine import Engine, open_engine
from course_engine.jobs import worker
from course_engine.jobs.tasks import make_queue
from course_engine.services.jobs import Progress


def slow(engine: Engine, job: Job, progress: Progress, now: object) -> Mapping[str, object]:
    progress(1, 2)
    print("half done", flush=True)
    time.sleep(600)
    return {}


if __name__ == "__main__":
    config = read_config({}, env="development", data=sys.argv[1], database_url=sys.argv[2])
    worker.start(make_queue(open_engine(config), {"slow": slow}))
    time.sleep(600)

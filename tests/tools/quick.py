"""Applications and courses in a moment: what is the same in every one is worked out once in a process.

Hundreds of tests have an application of their own, and hundreds a course with a few words changed. Most of
the time that took went into compiling the same addresses and templates, compressing the same static files,
and finding the parts of the same files of YAML.
"""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from ruamel.yaml import YAML
from werkzeug.routing import Rule

from course_engine.web import assets


class KnownRule(Rule):
    """An address whose builder is compiled once: it depends on the parts and defaults of the rule alone."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


class KnownTemplates(BytecodeCache):
    """Compiled templates, by their file and a digest of its words."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


class KnownEvents:
    """What ruamel finds in a text, by the text; a text with a fault in it is looked through each time."""

    most = 200

    def __init__(self) -> None:
        self._known: dict[str, list[object]] = {}
        self._parse = YAML.parse

    def parse(self, yaml: YAML, text: str) -> Iterator[object]:
        if text in self._known:
            yield from self._known[text]
            return
        found = []
        for event in self._parse(yaml, text):
            found.append(event)
            yield event
        if len(self._known) >= self.most:
            self._known.pop(next(iter(self._known)))
        self._known[text] = found


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: the collector need not look through them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


@pytest.fixture(scope="session")
def known_templates() -> Iterator[KnownTemplates]:
    """What an application's Jinja may know already; addresses are known meanwhile to all applications."""
    Flask.url_rule_class = KnownRule
    yield KnownTemplates()
    Flask.url_rule_class = Rule


@pytest.fixture(scope="session", autouse=True)
def known_events() -> Iterator[None]:
    """Files of a course that were read before are known."""
    known = KnownEvents()

    def parse(yaml: YAML, text: str) -> Iterator[object]:
        return known.parse(yaml, text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(YAML, "parse", parse)
        yield


@pytest.fixture(scope="session")
def pressed_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `static` of a data folder, as an application makes it when it first starts there."""
    return assets._compressed(tmp_path_factory.mktemp("pressed")).parent

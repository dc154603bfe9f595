"""What tests of the web have in common: documents that take no time to print."""

import pytest

from course_engine.rendering import pdf


@pytest.fixture
def no_printing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document is the same few bytes and has one page, at once."""
    monkeypatch.setattr(pdf, "render", lambda *_asked, **_limits: b"%PDF-1.7 of a test")
    monkeypatch.setattr(pdf, "count", lambda *_asked, **_limits: pdf.Counted(1, (1,)))

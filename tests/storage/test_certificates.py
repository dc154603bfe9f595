"""Ada's certificate is one, however often and however fast she asks."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from course_engine.domain.certificates import CertificateState
from course_engine.domain.errors import Refused
from course_engine.storage import certificates
from course_engine.storage import tables as t
from course_engine.storage.database import Database
from tests.storage.cast import CERTIFICATE, HOUR, NOW, RUN, add_ada


@pytest.fixture(autouse=True)
def _ada(database: Database) -> None:
    add_ada()


def test_twenty_presses_at_once_make_one_certificate() -> None:
    def press(number: int) -> str:
        return certificates.award(replace(CERTIFICATE, id=f"cert{number:012}", code=f"CODE{number}")).code

    with ThreadPoolExecutor(20) as presses:
        codes = set(presses.map(press, range(20)))
    assert len(codes) == 1
    assert t.Certificate.select().count() == 1


def test_what_was_frozen_comes_back_as_it_was() -> None:
    frozen = {"name": "Ada Lovelace – “Ada”", "weeks": [1, 2], "hours": None, "b": 1, "a": 2}
    awarded = certificates.award(replace(CERTIFICATE, frozen=frozen))
    assert awarded.frozen == frozen
    assert list(awarded.frozen) == list(frozen)
    assert (
        certificates.by_code("CODE1")
        == certificates.get(awarded.id)
        == certificates.of_run(RUN.id)
        == awarded
    )


def test_a_correction_leads_on_from_the_old_code_and_happens_once() -> None:
    certificates.award(CERTIFICATE)
    new = replace(CERTIFICATE, id="cert000000000002", code="CODE2", revision=2, awarded_at=NOW + HOUR)
    assert certificates.correct(CERTIFICATE.id, new) == new
    old = certificates.by_code("CODE1")
    assert old is not None
    assert (old.state, old.next_code) == (CertificateState.CORRECTED, "CODE2")
    assert certificates.of_run(RUN.id) == new
    with pytest.raises(Refused):
        certificates.correct(CERTIFICATE.id, replace(new, id="cert000000000003", code="CODE3", revision=3))
    assert certificates.by_code("CODE3") is None


def test_a_valid_certificate_can_be_withdrawn_once() -> None:
    certificates.award(CERTIFICATE)
    assert certificates.withdraw(CERTIFICATE.id, "Another person's", NOW)
    assert not certificates.withdraw(CERTIFICATE.id, "Again", NOW)
    gone = certificates.by_code("CODE1")
    assert gone is not None
    assert (gone.state, gone.reason, gone.withdrawn_at) == (
        CertificateState.WITHDRAWN,
        "Another person's",
        NOW,
    )


def test_with_the_clock_set_back_the_newest_revision_is_still_the_newest() -> None:
    certificates.award(CERTIFICATE)
    new = replace(CERTIFICATE, id="cert000000000002", code="CODE2", revision=2, awarded_at=NOW - HOUR)
    certificates.correct(CERTIFICATE.id, new, "a slip")
    assert certificates.of_run(RUN.id) == new
    old = certificates.get(CERTIFICATE.id)
    assert old is not None
    assert (old.reason, old.decided, new.reason) == ("a slip", False, "")

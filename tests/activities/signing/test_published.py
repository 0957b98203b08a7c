"""The published signers: made from the key folders and the time-stamp authorities, never forgetting one."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from activities.signing import published
from activities.signing.errors import SigningUnavailable
from law.calendar import local
from local.authorities import timestamp_urls
from models.settings import Settings
from tests.activities.signing.forging import Forger


def test_what_signs_today_is_published_and_what_signed_before_stays(authority_folder: Path, tmp_path: Path) -> None:
    folder = Forger(authority_folder, tmp_path).trust
    expected = published.read(folder)
    (folder / published.FILE).unlink()
    urls = timestamp_urls((authority_folder / "base_url").read_text("utf-8"))
    stated = {
        "database": "postgresql://x",
        "master_key": "x",
        "blind_key": "x",
        "agency": "file:///x",
        "trust": authority_folder / "trust",
    }
    stated |= {"seal": authority_folder / "seal", "signatories": authority_folder / "signatories", "timestamps": urls}
    settings = Settings.model_validate(stated)
    made = published.publish(folder, settings)
    assert made == published.read(folder)
    assert {(each.role, each.certificate) for each in made.signers} == {
        (each.role, each.certificate) for each in expected.signers
    }
    assert set(expected.authorities) <= set(made.authorities)
    (tmp_path / "nobody").mkdir()
    (tmp_path / "nobody" / "signatories.json").write_text("[]")
    nobody = settings.model_copy(update={"signatories": tmp_path / "nobody"})
    before = datetime.now(UTC)
    kept = published.publish(folder, nobody).signers
    assert {each.certificate for each in kept} == {each.certificate for each in made.signers}
    days = {local(each, "974").date() for each in (before, datetime.now(UTC))}
    left = [(each, now) for each in made.signers for now in kept if each == now.model_copy(update={"until_on": None})]
    assert {now.until_on for _, now in left if now.role == "signatory"} <= days
    assert all(each.until_on for each in kept if each.role == "signatory")
    assert {each.until_on for each in kept if each.role != "signatory"} == {None}
    with pytest.raises(SigningUnavailable):
        published.publish(folder, settings.model_copy(update={"seal": tmp_path}))


def test_a_time_stamp_authority_is_no_signer(authority_folder: Path) -> None:
    signers = published.read(authority_folder / "trust")
    (first, *_) = [each for each in signers.signers if each.role == "timestamp"]
    assert signers.find(first.digest) is None


def test_both_ends_of_a_period_count(authority_folder: Path) -> None:
    signer = published.read(authority_folder / "trust").signers[0]
    bounded = signer.model_copy(update={"from_on": date(2026, 1, 1), "until_on": date(2026, 1, 31)})
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    assert [bounded.in_office(day) for day in days] == [False, True, True, False]


def test_a_signer_that_left_ends_on_that_day_and_never_later(authority_folder: Path) -> None:
    seal = next(each for each in published.read(authority_folder / "trust").signers if each.role == "seal")
    today, earlier = date(2026, 11, 29), date(2026, 3, 1)
    other = seal.model_copy(update={"certificate": "AAAA"})
    for until, ended in ((None, today), (earlier, earlier), (date(2099, 1, 1), today)):
        before = published.PublishedSigners(signers=(seal.model_copy(update={"until_on": until}),))
        merged = published.PublishedSigners(signers=(other,)).merged_into(before, today)
        assert [each.until_on for each in merged.signers] == [ended, None]

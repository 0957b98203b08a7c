"""A program of its own for one command: it judges, and is gone afterwards."""

from pathlib import Path

import psutil
from pydantic import JsonValue

from cli.examiner import own_examiner
from models.examination.shapes import SIGNATURE, SignatureVerdict


def test_it_judges_and_nothing_of_it_stays(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    with own_examiner() as examiner:
        context: dict[str, JsonValue] = {"anchors": [], "at": "2026-12-01T09:00:00Z"}
        assert examiner.examine(SIGNATURE, b"%PDF-1.7", context) == SignatureVerdict(problems=("unreadable",))
        (process,) = set(psutil.Process().children()) - before
    assert not process.is_running()

"""The page of each problem: what it means and what to do."""

from collections.abc import Iterator
from typing import get_args

import httpx
import pytest

from local.postgres import Postgres
from models.errors import Slug
from models.store.database import Database
from starter.http.problems import TITLES
from starter.pages.public.problem_advice import ADVICE
from tests.starter.conftest import one_register


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def test_every_problem_has_its_page_and_every_page_its_problem() -> None:
    assert set(ADVICE) == set(TITLES)
    assert set(get_args(Slug)) <= set(ADVICE)


@pytest.mark.parametrize("slug", ADVICE)
async def test_a_problem_says_what_it_means_and_what_to_do(slug: str, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(f"/problems/{slug}")
    text = answer.text.replace("\u00a0", " ")
    assert answer.status_code == 200
    assert str(TITLES[slug][0]) in text
    assert "Que faire ?" in text
    assert all(len(each) > 30 and each.endswith(".") for each in ADVICE[slug])

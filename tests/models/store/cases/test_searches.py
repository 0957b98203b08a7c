"""Lists are searched by reference, SIREN, SIRET and words of a name, and each search has its index."""

import pytest
from sqlalchemy import text

from models.store.cases import lists
from models.store.cases.lists import Sort
from models.store.cases.searches import Search
from models.store.database import Database, now
from models.store.journal import events
from models.store.schema.search import CITED_FILES, NAME_WORDS
from tests.cases import DEPARTMENT, Employer, an_employer, file_a_case


def named(database: Database, name: str) -> Employer:
    with database.begin() as connection:
        who = an_employer(connection)
        connection.execute(text("UPDATE establishment SET name = :n WHERE siret = :s"), {"n": name, "s": who.siret})
    return who


def found(database: Database, **search: object) -> list[str]:
    with database.begin() as connection:
        page = lists.list_for_agent(connection, (DEPARTMENT,), Search(**search))  # type: ignore[arg-type]
    return [each.reference for each in page.rows]


def test_a_request_is_found_by_its_reference_its_siret_and_words_of_the_name(database: Database) -> None:
    bakery, garage = named(database, "L’Épi d’Or, Boulangerie Zygomar"), named(database, "Garage Zygomar & Fils")
    first, second = file_a_case(database, employer=bakery), file_a_case(database, employer=garage)
    siret = bakery.siret
    spaced = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    for words in (first.lower(), f"{first}00", siret, spaced, siret[:9], "epi or", "ÉPI", "boul zygo", "l’épi d’or"):
        assert found(database, words=words) == [first], words
    assert set(found(database, words="zygomar")) == {first, second}
    for words in ("zygomar menuiserie", "ygomar", "99999999", "034ZZZZ99", "***", "' OR 1=1", "a & | !", "%", "_"):
        assert found(database, words=words) == [], words


def test_a_request_is_found_once_an_event_that_its_reader_is_shown_was_recorded(database: Database) -> None:
    who = named(database, "Ateliers Durand")
    reference = file_a_case(database, employer=who)
    with database.begin() as connection:
        since = now(connection)
        events.append(connection, reference, "checklist_attested", since)

    def seen() -> list[bool]:
        with database.begin() as connection:
            search = Search(updated_since=since)
            pages = (
                lists.list_for_agent(connection, (DEPARTMENT,), search),
                lists.list_for_employer(connection, who.account_id, [who.siret], search),
            )
        return [reference in {each.reference for each in page.rows} for page in pages]

    assert seen() == [True, False]
    with database.begin() as connection:
        events.append(connection, reference, "receipt_issued", now(connection))
    assert seen() == [True, True]


@pytest.mark.parametrize("sort", Sort)
def test_pages_of_any_size_and_order_hold_every_request_once(database: Database, sort: Sort) -> None:
    who = named(database, "Pagination")
    filed = [file_a_case(database, employer=who) for _ in range(7)]
    read, after = [], None
    while True:
        with database.begin() as connection:
            search = Search(siret=who.siret, after=after, limit=3)
            page = lists.list_for_agent(connection, (DEPARTMENT,), search, sort=sort)
        read += [each.reference for each in page.rows]
        after = page.next
        if after is None:
            break
    assert read == (filed[::-1] if sort is Sort.NEWEST else filed)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT FROM establishment WHERE {words} @@ to_tsquery('simple', 'boul:*')", "establishment_words"),
        ("SELECT FROM establishment WHERE siret LIKE '356000000%'", "establishment_siret"),
        ("SELECT FROM event WHERE recorded_at >= now()", "event_recorded"),
        ("SELECT FROM opinion WHERE file_id = '00000000-0000-0000-0000-000000000000'", "opinion_file"),
        ("SELECT FROM completion WHERE {files} @> to_jsonb('a'::text)", "completion_files"),
        ("SELECT FROM message WHERE files @> to_jsonb('a'::text) AND files <> '[]'::jsonb", "message_files"),
        ("SELECT FROM request WHERE department = '34' ORDER BY received_at, reference LIMIT 50", "request_received"),
    ],
)
def test_each_search_has_its_index(database: Database, query: str, index: str) -> None:
    with database.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(text("EXPLAIN " + query.format(words=NAME_WORDS, files=CITED_FILES))).scalars()
        assert index in "\n".join(plan)

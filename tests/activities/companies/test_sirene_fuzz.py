"""Recorded documents, damaged at random: the answer is a typed record or "malformed", and no département is untrue."""

import json
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from activities.companies.search import read_results
from activities.companies.sirene import read_document
from law.communes import department_of_commune
from local.company_documents import search_document, sirene_document
from local.company_kinds import KINDS
from models.establishments import ListedEstablishment

LISTED: Final = [each for each in KINDS.values() if each.status == 200 and not each.duplicate_of]
VALUES: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=300),
    st.sampled_from(
        ["[ND]", "97133", "2A004", "20004", "\u202e", "\ud7ff", "٣٤١٧٢", "NN", "53", "9999-99-99", "A", "F"]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)
RUNS: Final = settings(
    max_examples=250,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Reader = Callable[[bytes, str], ListedEstablishment | tuple[ListedEstablishment, ...]]


def places(document: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Every place of a document that can be changed."""
    members = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [found for key, value in members for found in ((*path, key), *places(value, (*path, key)))]


def changed(document: object, path: tuple[object, ...], value: object) -> object:
    """A document with one member replaced; `...` removes it."""
    if not path:
        return value
    key, *rest = path
    if isinstance(document, dict):
        kept = {name: each for name, each in document.items() if name != key or rest or value is not ...}
        return kept | ({} if value is ... and not rest else {key: changed(document.get(key), tuple(rest), value)})
    assert isinstance(document, list)
    return [changed(each, tuple(rest), value) if number == key else each for number, each in enumerate(document)]


def communes(document: object) -> set[str]:
    """The codes of communes in an answer: nothing else gives a département."""
    if isinstance(document, list):
        return {code for each in document for code in communes(each)}
    members = document if isinstance(document, dict) else {}
    own = [members.get("commune"), members.get("codeCommuneEtablissement")]
    return {code for code in own if isinstance(code, str)} | communes([*members.values()])


def judged(read: Reader, content: bytes, siret: str) -> None:
    """Read, and check what a record promises; only `ValueError` may say that there is none."""
    try:
        found = read(content, siret)
    except ValueError:
        return
    for record in found if isinstance(found, tuple) else (found,):
        assert record.department in {None, *map(department_of_commune, communes(json.loads(content)))}
        for shown in (record.name, *(record.address.lines if record.address else ())):
            assert shown is None or (shown.isprintable() and "[ND]" not in shown and any(map(str.isalnum, shown)))
        assert ListedEstablishment.model_validate_json(record.model_dump_json()) == record


def documents(kind: str) -> tuple[Reader, dict[str, object], str]:
    known = KINDS[kind]
    office = next((each for each in LISTED if each.siret == known.office_siret), known)
    searched = kind in {"active_secondary", "ceased", "abroad", "sole_trader"}
    document = search_document(known, office) if searched else sirene_document(known)
    return (read_results if searched else read_document), document, known.siret


@pytest.mark.parametrize(
    "kind", ["active_head_office", "active_secondary", "ceased", "renamed", "abroad", "sole_trader", "partly_disclosed"]
)
@seed(5122)
@RUNS
@given(data=st.data())
def test_a_document_with_members_replaced_or_removed(kind: str, data: st.DataObject) -> None:
    read, document, siret = documents(kind)
    damaged: object = document
    for _ in range(data.draw(st.integers(1, 3))):
        found = places(damaged)
        if not found:
            break
        path = data.draw(st.sampled_from(found))
        value = ... if data.draw(st.booleans()) and isinstance(path[-1], str) else data.draw(VALUES)
        damaged = changed(damaged, path, value)
    judged(read, json.dumps(damaged).encode(), siret)


@pytest.mark.parametrize("kind", ["active_head_office", "active_secondary"])
@seed(5122)
@RUNS
@given(data=st.data())
def test_a_document_with_bytes_cut_or_changed(kind: str, data: st.DataObject) -> None:
    read, document, siret = documents(kind)
    content = bytearray(json.dumps(document).encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    judged(
        read, bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content), siret
    )


@seed(5122)
@RUNS
@given(content=st.binary(max_size=2_000), siret=st.sampled_from([each.siret for each in LISTED]))
def test_anything_at_all(content: bytes, siret: str) -> None:
    judged(read_document, content, siret)
    judged(read_results, content, siret)

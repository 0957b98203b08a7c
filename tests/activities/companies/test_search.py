"""The public company search gives the same record, where it lists an establishment; where it does not, no answer."""

import json

import pytest

from activities.companies.exchange import SourceAway
from activities.companies.search import Search, read_results
from local.company_documents import search_document
from local.company_kinds import KINDS, in_montpellier
from local.programs import Companies
from tests.activities.companies.test_sirene import EXPECTED, seen

ABSENT = {"unknown", "undisclosed", "duplicate"}
OTHERWISE: dict[str, dict[str, object]] = {
    "active_head_office": {"address": "12 RUE DE L'EGLISE, 34000 MONTPELLIER"},
    "abroad": {"address": "12 RUE DE L'EGLISE 1000 BRUXELLES BELGIQUE, 1000 BRUXELLES, BELGIQUE"},
    "cedex": {"address": "12 RUE DE L'EGLISE, 34000 MONTPELLIER"},
}
"""What this API writes in another way."""


@pytest.mark.parametrize("kind", EXPECTED)
async def test_each_kind_of_establishment_is_the_same_record_as_from_sirene(search: Search, kind: str) -> None:
    found = await search.ask(KINDS[kind].siret)
    expected = EXPECTED[kind] | OTHERWISE.get(kind, {})
    assert seen(found[0], *expected) == expected
    assert found[0].source == "search"


async def test_the_head_office_of_a_secondary_establishment_comes_with_it(search: Search) -> None:
    found = await search.ask(KINDS["active_secondary"].siret)
    office = KINDS["its_head_office"].siret
    assert [each.siret for each in found] == [KINDS["active_secondary"].siret, office]
    assert (found[0].head_office_siret, found[1].head_office, found[1].department) == (office, True, "75")


@pytest.mark.parametrize("kind", sorted(ABSENT))
async def test_what_it_does_not_list_proves_nothing(search: Search, kind: str) -> None:
    with pytest.raises(SourceAway, match="unlisted"):
        await search.ask(KINDS[kind].siret)


@pytest.mark.parametrize(
    ("fault", "reason"), [("refuse", "away"), ("malformed", "malformed"), ("huge", "huge"), ("spent", "limited")]
)
async def test_a_search_that_fails_gives_no_answer(
    companies: Companies, search: Search, fault: str, reason: str
) -> None:
    with companies.fault(f"{fault}-search"), pytest.raises(SourceAway, match=reason):
        await search.ask(KINDS["active_head_office"].siret)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"results": {}}',
        b'{"results": [{}]}',
        b'{"results": [{"siren": "1"}]}',
        b'{"results": ' + b"[" * 50_000,
        json.dumps({"results": [{"siren": "356000000"}] * 26}).encode(),
        # Another firm says that this establishment is its own.
        json.dumps(
            {
                "results": [
                    {
                        "siren": "732829320",
                        "siege": {"siret": "35600000000048", "etat_administratif": "A", "est_siege": True},
                    }
                ]
            }
        ).encode(),
    ],
)
def test_a_malformed_answer_is_none_at_all(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_results(content, "35600000000048")


OFFICE = KINDS["its_head_office"].siret


@pytest.mark.parametrize(
    "siege",
    [
        *("[ND]", [], 7, None, {}, {"siret": "x"}, {"etat_administratif": "Z"}, {"est_siege": "true"}),
        {"siret": OFFICE[:-1] + str((int(OFFICE[-1]) + 1) % 10)},
        {"siret": KINDS["post_office"].siret},
    ],
)
def test_an_impossible_head_office_loses_nothing_else(siege: object) -> None:
    known = KINDS["active_secondary"]
    document = json.loads(json.dumps(search_document(known, KINDS["its_head_office"])))
    (unit,) = document["results"]
    (whole, _) = read_results(json.dumps(document).encode(), known.siret)
    unit["siege"] = unit["siege"] | siege if isinstance(siege, dict) and siege else siege
    (found,) = read_results(json.dumps(document).encode(), known.siret)
    assert found == whole.model_copy(update={"head_office_siret": None})


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        (("results", 0), {"nom_complet": "A" * 900}),
        (("results", 0, "matching_etablissements", 0), {"nom_commercial": 7, "liste_enseignes": ["A" * 900, 7]}),
        (("results", 0, "matching_etablissements", 0), {"nom_commercial": None, "liste_enseignes": "ATELIER"}),
        (("results", 0, "matching_etablissements", 0), {"adresse": 7, "code_postal": 34000, "libelle_commune": []}),
        (("results",), {0: {"siren": "1"}}),
        (("results",), {0: 7}),
        (("results", 0, "matching_etablissements"), {0: {"siret": OFFICE}}),
    ],
)
def test_a_wrong_secondary_member_loses_nothing_else(
    place: tuple[str | int, ...], changes: dict[str | int, object]
) -> None:
    known = KINDS["active_secondary"]
    document = json.loads(json.dumps(search_document(known, KINDS["its_head_office"])))
    part = document
    for each in place:
        part = part[each]
    if isinstance(part, list):
        part.insert(0, changes[0])
    else:
        part.update(changes)
    found = read_results(json.dumps(document).encode(), known.siret)
    assert seen(found[0], "department", "state", "head_office_siret") == {
        "department": "34",
        "state": "active",
        "head_office_siret": OFFICE,
    }
    assert (found[0].name or "").startswith("ATELIERS DURAND")
    assert len(found) == 2


def test_nobody_has_the_address_of_another_establishment_of_the_firm() -> None:
    known = KINDS["active_secondary"]
    answer = json.dumps(search_document(known, KINDS["its_head_office"])).encode()
    other = in_montpellier(known.siret[:9] + "00033").siret
    assert read_results(answer, other) == ()

"""The list `lines` of the contract, one object at a time; figures keep their decimals."""

import pytest

from examining.claims.json_lines import MEMBERS, cells, objects, unread
from examining.claims.refused import FileRefused
from models.claim_files.fields import Field
from models.claim_files.refusals import RefusalCode


@pytest.mark.parametrize(
    "text",
    [
        '[{"nir": "1"}, {"nir": "2"}]',
        '{"lines": [{"nir": "1"}, {"nir": "2"}]}',
        ' {"month": "2021-06", "part": 1, "lines": [ {"nir": "1"} , {"nir": "2"} ] , "replaces": null} ',
    ],
)
def test_the_list_stands_alone_or_in_an_object(text: str) -> None:
    assert list(objects(text)) == [{"nir": "1"}, {"nir": "2"}]


def test_values_become_text_and_figures_stay_exact() -> None:
    (item,) = objects('[{"nir": 295109912611193, "worked": 7.10, "apprentice": true, "idle": null, "mode": ["02"]}]')
    read = dict(zip(MEMBERS, cells(item) or (), strict=True))
    assert {name: value for name, value in read.items() if value} == {
        "nir": "295109912611193",
        "worked": "7.10",
        "apprentice": "true",
        "mode": '["02"]',
    }
    assert cells("text") is None


def test_members_that_are_not_read_are_named() -> None:
    item = {"nir": "1", "iban": "FR", "tel\x07": "06"}
    assert unread(item, frozenset({Field.IBAN})) == ["iban", "tel"]
    assert unread([1], frozenset()) == []


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("{}", RefusalCode.JSON_SHAPE, 0),
        ('{"month": 1}', RefusalCode.JSON_SHAPE, 0),
        ('{"lines": {}}', RefusalCode.JSON_SHAPE, 0),
        ("{", RefusalCode.JSON_BROKEN, 0),
        ("[", RefusalCode.JSON_BROKEN, 0),
        ('[{"nir": "1"}\n{"nir": "2"}]', RefusalCode.JSON_BROKEN, 2),
        ('[{"nir": "1"},\n{"nir" "2"}]', RefusalCode.JSON_BROKEN, 2),
        ('{"a" 1}', RefusalCode.JSON_BROKEN, 1),
        ("[" * 100_000, RefusalCode.JSON_BROKEN, 0),
        ('[{"nir": "1"}', RefusalCode.JSON_BROKEN, 0),
        ('{"lines": [{"nir": "1"}]', RefusalCode.JSON_BROKEN, 0),
        ('[{"nir": "1"}]\n[{"nir": "2"}]', RefusalCode.JSON_BROKEN, 2),
        ('{"lines": []}\n{"lines": []}', RefusalCode.JSON_BROKEN, 2),
        ('{"lines": [{"nir": "1"}],\n"lines": [{"nir": "2"}]}', RefusalCode.JSON_BROKEN, 2),
        ('{"lines": [] "month": 1}', RefusalCode.JSON_BROKEN, 1),
    ],
)
def test_other_json_is_refused(text: str, code: RefusalCode, line: int) -> None:
    with pytest.raises(FileRefused) as refused:
        list(objects(text))
    assert (refused.value.code, refused.value.line) == (code, line)

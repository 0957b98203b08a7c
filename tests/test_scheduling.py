"""`make test` begins with what is long, and never waits in all of its processes."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest
from xdist.workermanage import WorkerController

from local.processes import ROOT
from tests.scheduling import IN_ONE_PROCESS, ONE_BY_ONE, WAITING, MixedScheduling, group_of, left_out_when_fast, order


@dataclass(frozen=True)
class Listed:
    """A test as pytest lists it: its id, its marks and its fixtures."""

    nodeid: str
    slow: bool = False
    timeout: int = 0
    fixturenames: tuple[str, ...] = ()

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        marks = {"slow": self.slow, "timeout": self.timeout}
        return pytest.Mark(name, (marks[name],), {}, _ispytest=True) if marks[name] else None


@dataclass(eq=False)
class Process:
    """A process that keeps what it is told to run."""

    told: list[int] = field(default_factory=list)
    gateway: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(id="process"))
    shutting_down: bool = False

    def send_runtest_some(self, indices: list[int]) -> None:
        self.told += indices

    def shutdown(self) -> None:
        self.shutting_down = True


def ordered(*listed: Listed) -> list[str]:
    items = [cast(pytest.Item, each) for each in listed]
    order(items)
    return [item.nodeid for item in items]


def test_what_shares_is_one_group_long_tests_that_share_nothing_one_each_and_any_other_file_is_its_own() -> None:
    for folder in IN_ONE_PROCESS:
        assert group_of(f"{folder}test_a.py::test_a") == group_of(f"{folder}test_b.py::test_b")
    assert group_of("tests/law/test_hours.py::test_a") == group_of("tests/law/test_hours.py::test_b[x]")
    for file in ONE_BY_ONE:
        assert (ROOT / file).is_file()
        assert group_of(f"{file}::test_a[x]") != group_of(f"{file}::test_a[y]")


def test_whole_installations_begin_then_what_is_long_then_files_of_many_tests_and_no_test_is_lost() -> None:
    installation, patient = (
        Listed("tests/system/test_a.py::test_a"),
        Listed("tests/system/test_b.py::test_a", timeout=9),
    )
    page, few = Listed("tests/browser/test_a.py::test_a"), Listed("tests/law/test_a.py::test_a")
    many = [Listed(f"tests/law/test_b.py::test_a[{number}]") for number in range(3)]
    slow, beside = Listed("tests/law/test_c.py::test_a", slow=True), Listed("tests/law/test_c.py::test_b")
    engine = Listed("tests/law/test_d.py::test_a", fixturenames=("engine",))
    listed = (few, *many, slow, page, installation, engine, patient, beside)
    expected = [patient, installation, page, slow, beside, engine, *many, few]
    assert ordered(*listed) == [each.nodeid for each in expected]


def test_fast_leaves_out_what_is_slow_and_all_but_one_test_of_a_file_or_a_folder_on_a_server() -> None:
    served = ("database", "postgres")
    alone = [Listed(f"tests/law/test_a.py::test_{each}") for each in "ab"]
    slow, first, second = (
        Listed("tests/models/test_b.py::test_a", slow=True, fixturenames=served),
        Listed("tests/models/test_b.py::test_b[x]", fixturenames=served),
        Listed("tests/models/test_b.py::test_b[y]", fixturenames=served),
    )
    beside = Listed("tests/models/test_b.py::test_c")
    engines = [Listed(f"tests/workflows/test_{each}.py::test_a", fixturenames=("engine",)) for each in "cd"]
    listed = [cast(pytest.Item, each) for each in (*alone, slow, first, second, beside, *engines)]
    left_out = [slow.nodeid, second.nodeid, engines[1].nodeid]
    assert [each.nodeid for each in left_out_when_fast(listed)] == left_out


def test_one_process_runs_what_does_not_wait_while_the_others_wait(pytestconfig: pytest.Config) -> None:
    pytestconfig.option.tx, before = ["3*popen"], (pytestconfig.option.tx, pytestconfig.option.loadscopereorder)
    collected = [f"{WAITING[0]}test_{file}.py::test_{test}" for file in "abcd" for test in "abc"]
    collected += [f"tests/law/test_{file}.py::test_{test}" for file in "ef" for test in "abc"]
    try:
        scheduling = MixedScheduling(pytestconfig)
    finally:
        pytestconfig.option.tx, pytestconfig.option.loadscopereorder = before
    processes = [Process() for _ in range(3)]
    for process in processes:
        node = cast(WorkerController, process)
        scheduling.add_node(node)
        scheduling.add_node_collection(node, collected)
    scheduling.schedule()
    folders = [{collected[index].split("/")[1] for index in process.told} for process in processes]
    assert folders == [{"system"}, {"system"}, {"law"}]

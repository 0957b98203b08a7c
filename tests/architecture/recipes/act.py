"""An act, which is a Temporal activity: incidents are counted at night."""

from tests.architecture.recipes.tree import Addition, Tree

DECLARATION = '''
    @activity.defn(name="count_incidents")
    @abstractmethod
    def count_incidents(self, process: Process) -> int:
        """Count the open incidents."""
'''
IMPLEMENTATION = '''
    def count_incidents(self, process: Process) -> int:
        """Count what is parked."""
        with self._transaction() as connection:
            return len(incidents.list_open(connection))
'''
OPTIONS = '    "count_incidents": ActOptions(None, timedelta(seconds=20), "Compter les incidents"),\n'
STEP = """\
        if workflow.patched("count-incidents"):
            await self.perform(RegisterActs.count_incidents, process)
"""
TEST = """

def test_open_incidents_are_counted(database: Database) -> None:
    assert StoredRegisterActs(database).count_incidents(Process(id="chain")) == 0
"""
TESTS = "tests/activities/test_register.py"


def add(tree: Tree) -> None:
    """Follow the recipe."""
    tree.insert_after("models/messages/acts.py", '"""Close an incident."""', DECLARATION)
    tree.insert_after("activities/register.py", "incidents.close_incident(connection, incident,", IMPLEMENTATION)
    tree.insert_after("workflows/parts/running_acts.py", '"forget_old": ', OPTIONS)
    tree.append("workflows/nightly.py", STEP)
    imported = "from models.messages.acts import Process\n"
    tree.insert_after(TESTS, "from models.engine.names import", imported)
    tree.append(TESTS, TEST)


ADDITION = Addition(
    recipe="To add an act (a Temporal activity)",
    names={"family": "register", "process": "nightly"},
    add=add,
    tests=(
        f"{TESTS}::test_open_incidents_are_counted",
        "tests/architecture/test_acts.py",
        "tests/workflows/test_replay.py::test_a_stored_history_replays[0.3-night]",
    ),
)

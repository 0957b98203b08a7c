"""An endpoint with an access rule of its own: auditors read statistics."""

from tests.architecture.recipes.tree import Addition, Tree

RULE = '    READ_STATISTICS = Rule("lire les statistiques", AUDITORS)\n'
SERVICE = '''
    """Statistics for auditors."""

    from models.identifiers import Message
    from models.store.operations import incidents
    from starter.auth.credentials import PresentedCredential
    from starter.auth.permissions import Verb
    from starter.context import Context


    class Statistics(Message):
        """What is counted."""

        open_incidents: int


    def read_statistics(context: Context, credential: PresentedCredential) -> Statistics:
        """Count what is open."""
        with context.admit(credential, Verb.READ_STATISTICS) as caller:
            return Statistics(open_incidents=len(incidents.list_open(caller.connection)))
'''
ENDPOINT = '''
    """What auditors read in figures."""

    from fastapi import APIRouter

    from starter.context import AppContext, Credential
    from starter.services import statistics
    from starter.services.statistics import Statistics

    router = APIRouter(tags=["Audit"])


    @router.get("/statistics", summary="Lire les statistiques")
    def read_statistics(context: AppContext, credential: Credential) -> Statistics:
        """Lire ce qui est compté."""
        return statistics.read_statistics(context, credential)
'''
TEST = '''
    """Statistics: an auditor reads them, and nobody else."""

    from models.roles import ROLES
    from models.store.database import Database
    from tests.builders import employer, staff
    from tests.starter.people import Door


    async def test_an_auditor_reads_what_is_counted_and_nobody_else(door: Door, database: Database) -> None:
        for role in ROLES:
            who = employer(database) if role == "employer" else staff(database, role)
            answer = await door(who).get("/statistics")
            assert answer.status_code == (200 if role == "auditor" else 403), role
            assert role != "auditor" or answer.json() == {"open_incidents": 0}
        assert (await door().get("/statistics")).status_code == 401
'''
PROOF = """
import json

from docs.openapi import FILE
from starter.auth.permissions import Scope, Verb

described = json.loads(FILE.read_text("utf-8"))["paths"]
assert described["/api/v1/statistics"]["get"]["operationId"]
assert Verb.READ_STATISTICS.rule.scope("auditor") is Scope.EVERYWHERE
assert Verb.READ_STATISTICS.rule.scope("operator") is None
"""
WRITE_PAGES = """
from docs import access, openapi

for page in (access, openapi):
    page.FILE.write_text(page.document(), "utf-8")
"""


def add(tree: Tree) -> None:
    """Follow the recipe."""
    tree.insert_after("starter/auth/permissions.py", "READ_AUDIT = ", RULE)
    tree.write("starter/services/statistics.py", SERVICE)
    tree.write("starter/api/operator/statistics.py", ENDPOINT)
    app = "starter/app.py"
    tree.insert_after(app, "overview,", "    statistics,\n")
    tree.insert_after(app, "access_log.router,", "    statistics.router,\n")
    door = '    Verb.READ_STATISTICS: [("GET", "/statistics")],\n'
    tree.insert_after("tests/starter/doors.py", "Verb.READ_INCIDENTS: ", door)
    tree.write("tests/starter/api/operator/test_statistics.py", TEST)
    tree.python("-c", WRITE_PAGES)
    tree.insert_after("docs/api.md", "| agent | `GET /unit`", "| auditor | `GET /statistics` | figures |\n")


ADDITION = Addition(
    recipe="To add an endpoint with its access rule",
    names={"subject": "statistics", "public": "operator"},
    add=add,
    proof=PROOF,
    tests=(
        "tests/starter/api/operator/test_statistics.py",
        "tests/starter/auth/test_permissions.py::test_every_door_that_is_not_public_has_a_verb_and_every_verb_its_doors",
        "tests/starter/auth/test_permissions.py::test_the_page_of_the_table_is_up_to_date",
        "tests/architecture/test_documents.py::test_the_description_of_the_api_is_up_to_date",
        "tests/architecture/test_api_page.py::test_the_tables_of_the_page_list_every_call_and_no_other",
    ),
)

"""A call of the API: an agent gives a case a priority."""

from tests.architecture.recipes.tree import Addition, Tree

BODY = '''
    """What an agent states of the priority of a case."""

    from typing import Literal

    from models.identifiers import Message


    class PriorityBody(Message):
        """How urgent a case is."""

        level: Literal["ordinary", "urgent"]
'''
STORE = '''
    """The priority of a case, as an event of it."""

    from sqlalchemy import Connection

    from models.bodies.priority import PriorityBody
    from models.store.cases import requests
    from models.store.database import case_now
    from models.store.journal import events
    from models.store.journal.events import Actor


    def give(connection: Connection, reference: str, body: PriorityBody, actor: Actor) -> None:
        """Record the priority that an agent gives."""
        requests.get(connection, reference, hold=True)
        at = case_now(connection, reference)
        events.append(connection, reference, "priority_given", at, actor, level=body.level)
'''
SERVICE = '''
    """The priority of a case."""

    from models.bodies.priority import PriorityBody
    from models.identifiers import Message
    from models.store.cases import priority
    from starter.auth.caller import Caller
    from starter.auth.credentials import PresentedCredential
    from starter.auth.permissions import Verb
    from starter.context import Context
    from starter.http.request_body import Submission


    class Priority(Message):
        """The priority that a case was given."""

        reference: str
        level: str


    def give_priority(
        context: Context, credential: PresentedCredential, reference: str, submission: Submission[PriorityBody]
    ) -> Priority:
        """Give a case a priority; raises `InvalidRequest`."""
        with context.admit(credential, Verb.ASSIGN) as caller:
            request = caller.request(reference)
            level = caller.once(
                submission.key, submission.digest, lambda: _give(caller, request.reference, submission.read())
            )
        return Priority(reference=request.reference, level=level)


    def _give(caller: Caller, reference: str, body: PriorityBody) -> str:
        priority.give(caller.connection, reference, body, caller.actor)
        return body.level
'''
ENDPOINT = '''

@router.post("/requests/{reference}/priority", openapi_extra=accepts(PriorityBody), summary="Donner une priorité")
def give_priority(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, key: IdempotencyKey = None
) -> Priority:
    """Donner une priorité à un dossier."""
    return priority.give_priority(context, credential, reference, sent.submission(PriorityBody, key))
'''
TEST = '''
    """The priority of a case: given by whoever instructs it, once for each key."""

    from tests.builders import Credentials, a_filing
    from tests.starter.people import Door

    URGENT = {"level": "urgent"}


    async def test_an_agent_gives_a_case_a_priority_and_its_employer_does_not(
        door: Door, boss: Credentials, agent: Credentials
    ) -> None:
        reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
        address, key = f"/requests/{reference}/priority", {"Idempotency-Key": "1"}
        for _ in range(2):
            answer = await door(agent).post(address, json=URGENT, headers=key)
            assert (answer.status_code, answer.json()) == (200, {"reference": reference} | URGENT)
        assert (await door(agent).post(address, json={"level": "vital"})).status_code == 422
        assert (await door(boss).post(address, json=URGENT)).status_code == 403
'''
API = "starter/api/agent/case_review.py"
ROW = "| whoever instructs | `POST /requests/{reference}/priority` | the priority of a case |\n"


def add(tree: Tree) -> None:
    """Follow the recipe."""
    tree.write("models/bodies/priority.py", BODY)
    tree.write("models/store/cases/priority.py", STORE)
    tree.write("starter/services/priority.py", SERVICE)
    imported = "from models.bodies.priority import PriorityBody\n"
    tree.insert_after(API, "from models.bodies.decision import", imported)
    tree.replace(API, "import case_review, opinions\n", "import case_review, opinions, priority\n")
    imported = "from starter.services.priority import Priority\n"
    tree.insert_after(API, "from starter.services.opinions", imported)
    tree.append(API, ENDPOINT)
    tree.replace(
        "tests/starter/doors.py",
        'Verb.ASSIGN: [("POST", f"{CASE}/assignment")]',
        'Verb.ASSIGN: [("POST", f"{CASE}/assignment"), ("POST", f"{CASE}/priority")]',
    )
    tree.write("tests/starter/services/test_priority.py", TEST)
    row = '        Row("models/store/cases", "priority", "starter/services/test_priority.py"),\n'
    tree.insert_after("tests/architecture/tested_elsewhere.py", 'Row("models/store/cases", "opinions"', row)
    tree.python("-m", "docs.openapi")
    tree.insert_after("docs/api.md", "| whoever instructs | `POST /requests/{reference}/checklist`", ROW)


ADDITION = Addition(
    recipe="To add a call of the API",
    names={"subject": "priority", "room": "cases", "public": "agent", "module": "case_review"},
    add=add,
    tests=("tests/starter/services/test_priority.py", "tests/architecture/test_mirror.py"),
)

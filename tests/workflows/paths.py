"""Every path that a process can take, as a function that runs it once; used to store histories and replay them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from law.calendar import local
from law.grounds import Ground
from law.window import filing_window
from models.bodies.decision import GrantBody
from models.bodies.filing import DraftBody
from models.engine.kinds.deposit import DEPOSIT, launch_deposit
from models.engine.kinds.jobs import PREVIEW, VERIFICATION, launch_preview, launch_verification
from models.engine.kinds.notices import ANNOUNCEMENT, launch_announcement
from models.engine.names import (
    CASES,
    CHAIN,
    announcement_id,
    authorization_id,
    deposit_id,
    draft_id,
)
from models.mailed_codes import activation_code, canonical
from models.messages.case import Ref
from models.messages.deposit import Channel
from models.messages.verification import Upload
from models.store.agency.channels import AUTHORIZATIONS
from models.store.cases import completions, desistments, drafts
from models.store.cases.decisions import Proposal
from models.store.database import draft_now
from models.store.journal.events import Actor
from models.store.operations import jobs
from models.store.people import activations, enrolments
from models.store.people.enrolments import EnrolmentRecord
from starter.engine import EngineClient
from starter.services.jobs import JOB_TIMEOUT
from tests.cases import an_agent, an_employer, ask_to_enrol, file_a_case, master_key
from tests.workflows.conftest import Stage
from workflows.draft import DraftWorkflow
from workflows.nightly import ChainWorkflow

PENDING = {"headcount": 60, "works_council": {"pending": True}}
EMPLOYER = Actor(role="employer")


async def silence(stage: Stage) -> str:
    an_agent(stage.database)
    reference = await stage.open()
    await stage.advance(reference, days=400)
    return await _ended(stage, reference)


async def silence_with_council(stage: Stage) -> str:
    reference = await stage.open(**PENDING)
    await stage.advance(reference, days=400)
    return await _ended(stage, reference)


async def grant(stage: Stage) -> str:
    reference = await stage.open(**PENDING)
    await stage.send_update("decide", reference, stage.grant(reference))
    await stage.advance(reference, days=400)
    return await _ended(stage, reference)


async def refusal(stage: Stage) -> str:
    reference = await stage.open()
    await stage.send_update("decide", reference, stage.refuse(reference))
    return await _ended(stage, reference)


async def void_decision(stage: Stage) -> str:
    reference = await stage.open()
    deadline_at = stage.request(reference).deadline_at
    assert deadline_at is not None
    await stage.clockwork.advance_to(reference, deadline_at - timedelta(minutes=10))
    stage.documents.broken = "signer"
    deciding = asyncio.create_task(stage.send_update("decide", reference, stage.refuse(reference)))
    await stage.until(lambda: bool(stage.incidents(reference)))
    await stage.advance(reference, minutes=11)
    stage.documents.broken = ""
    await stage.handle(reference).signal("resume")
    await deciding
    await stage.advance(reference, days=400)
    return await _ended(stage, reference)


async def completion(stage: Stage) -> str:
    reference = await stage.open()
    await stage.advance(reference, days=14)
    await stage.send_update("request_completion", reference, stage.request_pieces(reference, days=2))
    await stage.advance(reference, days=5)
    await stage.send_update("complete", reference, str(stage.supply_pieces(reference).version))
    await stage.advance(reference, days=400)
    return await _ended(stage, reference)


async def cancelled_completion(stage: Stage) -> str:
    reference = await stage.open()
    await stage.send_update("request_completion", reference, stage.request_pieces(reference))
    agent = an_agent(stage.database)
    with stage.database.begin() as connection:
        completions.cancel(connection, reference, "P1", agent)
    await stage.send_update("complete", reference)
    await stage.advance(reference, days=400)
    return await _ended(stage, reference)


async def late_completion(stage: Stage) -> str:
    reference = await stage.open()
    completion_id = stage.request_pieces(reference)
    await stage.advance(reference, days=17)
    await stage.send_update("request_completion", reference, completion_id)
    await stage.advance(reference, days=400)
    return await _ended(stage, reference)


async def desistment(stage: Stage) -> str:
    reference = await stage.open()
    with stage.database.begin() as connection:
        desistments.desist(connection, reference, EMPLOYER)
    await stage.send_update("desist", reference)
    return await _ended(stage, reference)


async def lapsed_draft(stage: Stage) -> str:
    draft = await open_draft(stage)
    await stage.advance(draft, days=40)
    return draft_id(draft)


async def filed_draft(stage: Stage) -> str:
    draft = await open_draft(stage)
    with stage.database.begin() as connection:
        until = drafts.get(connection, draft).accepted_until
    await stage.clockwork.advance_to(draft, until - timedelta(seconds=60))
    reference = file_a_case(stage.database)
    with stage.database.begin() as connection:
        drafts.get_open_for_update(connection, draft)
        drafts.file(connection, draft, reference, draft_now(connection, draft), EMPLOYER)
    handle = stage.client.get_workflow_handle(draft_id(draft))
    await handle.execute_update("complete", Ref(reference=draft, id=draft))
    await handle.result()
    return draft_id(draft)


async def enrolment(stage: Stage) -> str:
    made = await stage.enrol()
    await _sent(stage, made.siret)
    await _activate(stage, made)
    return made.process


async def late_credentials(stage: Stage) -> str:
    stage.mails.broken = True
    made = await stage.enrol()
    await stage.until(lambda: bool(stage.incidents(made.siret)))
    await stage.advance(made.siret, minutes=70)
    stage.mails.broken = False
    await stage.client.get_workflow_handle(made.process).signal("resume")
    await _sent(stage, made.siret)
    with stage.database.begin() as connection:
        activations.resend(connection, made.siret, made.email, timedelta())
    await _update_enrolment(stage, "resend", made, f"{made.id}/2")
    await _activate(stage, made, version=2)
    return made.process


async def lapsed_enrolment(stage: Stage) -> str:
    made = await stage.enrol()
    await _sent(stage, made.siret)
    await stage.advance(made.siret, days=17)
    await stage.client.get_workflow_handle(made.process).result()
    return made.process


async def announcement(stage: Stage) -> str:
    made = ask_to_enrol(stage.database)
    process = announcement_id(made.siret)
    await EngineClient(stage.client).start(ANNOUNCEMENT, launch_announcement(made.siret))
    await stage.client.get_workflow_handle(process).result()
    return process


async def deposit(stage: Stage) -> str:
    stage.agency.waiting, stage.agency.broken = ["TACITE_DA_1", "TACITE_DA_2"], True
    channel = Channel(name=AUTHORIZATIONS)
    process = deposit_id(channel.name)
    await EngineClient(stage.client).start(DEPOSIT, launch_deposit(channel))
    await stage.until(lambda: bool(stage.incidents(channel.name)))
    stage.agency.broken = False
    handle = stage.client.get_workflow_handle(process)
    await handle.signal("resume")
    await handle.result()
    return process


async def night(stage: Stage) -> str:
    handle = await stage.client.start_workflow(ChainWorkflow.run, id=CHAIN, task_queue=CASES)
    await handle.result()
    return CHAIN


async def verification(stage: Stage) -> str:
    with stage.database.begin() as connection:
        upload = Upload(id=jobs.submit(connection, b"%PDF"))
    await EngineClient(stage.client).run(VERIFICATION, launch_verification(upload), JOB_TIMEOUT)
    return VERIFICATION.id(upload.id)


async def preview(stage: Stage) -> str:
    reference = file_a_case(stage.database)
    body = GrantBody.model_validate({"id": "D1", "outcome": "grant"})
    proposed = Proposal(reference=reference, body=body, digest="00", actor=an_agent(stage.database))
    with stage.database.begin() as connection:
        job = jobs.submit(connection, proposed.model_dump_json().encode())
    await EngineClient(stage.client).run(PREVIEW, launch_preview(Ref(reference=reference, id=job)), JOB_TIMEOUT)
    return PREVIEW.id(job)


async def _sent(stage: Stage, siret: str) -> None:
    def is_sent() -> bool:
        with stage.database.begin() as connection:
            return enrolments.get_last(connection, siret).sent_at is not None

    await stage.until(is_sent)


async def _activate(stage: Stage, made: EnrolmentRecord, version: int = 1) -> None:
    code = canonical(activation_code(master_key(), made.id, version))
    with stage.database.begin() as connection:
        assert activations.activate(connection, code, None)
    await _update_enrolment(stage, "complete", made, made.id)
    await stage.client.get_workflow_handle(made.process).result()


async def _update_enrolment(stage: Stage, update: str, made: EnrolmentRecord, subject: str) -> None:
    handle = stage.client.get_workflow_handle(made.process)
    await handle.execute_update(update, Ref(reference=made.siret, id=subject), id=f"{update}:{subject}")


async def _ended(stage: Stage, reference: str) -> str:
    await stage.handle(reference).result()
    return authorization_id(reference)


async def open_draft(stage: Stage, placement_on: date | None = None) -> str:
    """Open a draft of a placement (today's by default) and start its process."""
    with stage.database.begin() as connection:
        employer = an_employer(connection)
        now = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        placed_on = placement_on or local(now, employer.department).date()
        body = DraftBody(ground=Ground.EXCEPTIONAL_CIRCUMSTANCES, placement_on=placed_on)
        draft = drafts.open_draft(
            connection,
            body,
            filing_window(body.ground, placed_on, employer.department),
            account_id=employer.account_id,
            siret=employer.siret,
            department=employer.department,
            master=master_key(),
            actor=Actor(role="employer", account_id=employer.account_id),
        )
        case = drafts.get_draft_message(connection, draft)
    await stage.client.start_workflow(DraftWorkflow.run, case, id=draft_id(draft), task_queue=CASES)
    return draft


PATHS: dict[str, Callable[[Stage], Awaitable[str]]] = {
    path.__name__: path
    for path in (
        silence,
        silence_with_council,
        grant,
        refusal,
        void_decision,
        completion,
        cancelled_completion,
        late_completion,
        desistment,
        lapsed_draft,
        filed_draft,
        enrolment,
        late_credentials,
        lapsed_enrolment,
        announcement,
        deposit,
        night,
        verification,
        preview,
    )
}
"""Name of each path → function that runs it and returns the workflow id."""

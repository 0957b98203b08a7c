"""How a process performs acts: with the options of each; a broken dependency parks the process, never fails it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, overload

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from models.engine.names import AGENCY, CASES, INCIDENT, SIGNING
from models.labels import Part
from models.messages.acts import RegisterActs
from models.messages.case import Incident

ActsT = TypeVar("ActsT")
MessageT = TypeVar("MessageT")
ResultT = TypeVar("ResultT")
PARTS = Part.labels()


@dataclass(frozen=True)
class ActOptions:
    """Task queue of an act (None: a local activity, in the worker of the process), its timeout, the summary shown."""

    task_queue: str | None
    timeout: timedelta
    summary: str


ACT_OPTIONS = {
    "establish_silence": ActOptions(None, timedelta(minutes=1), "Établir le silence, si l’instant est venu"),
    "notify_decision": ActOptions(None, timedelta(seconds=20), "Notifier la décision, s’il est encore temps"),
    "notify_completion_request": ActOptions(None, timedelta(seconds=20), "Notifier la demande de pièces"),
    "remind": ActOptions(None, timedelta(seconds=20), "Rappeler l’échéance"),
    "hand_over": ActOptions(None, timedelta(seconds=20), "Mettre en file pour l’ASP"),
    "close_case": ActOptions(None, timedelta(seconds=20), "Clore le dossier"),
    "lapse_draft": ActOptions(None, timedelta(seconds=20), "Rendre caduc le brouillon, si le délai est passé"),
    "issue_credentials": ActOptions(None, timedelta(seconds=20), "Émettre le code d’activation"),
    "watch_credentials": ActOptions(None, timedelta(seconds=20), "Vérifier que les identifiants sont partis"),
    "lapse_enrolment": ActOptions(None, timedelta(seconds=20), "Rendre caduque l’adhésion, si le code a expiré"),
    "open_incident": ActOptions(None, timedelta(seconds=20), "Ouvrir un incident"),
    "close_incident": ActOptions(None, timedelta(seconds=20), "Clore l’incident"),
    "control": ActOptions(CASES, timedelta(seconds=20), "Contrôler la demande"),
    "identify": ActOptions(CASES, timedelta(seconds=20), "Demander l’établissement au répertoire"),
    "issue_document": ActOptions(SIGNING, timedelta(seconds=30), "Établir un document"),
    "issue_enrolment_receipt": ActOptions(SIGNING, timedelta(seconds=30), "Sceller le récépissé d’adhésion"),
    "issue_receipt": ActOptions(SIGNING, timedelta(seconds=30), "Sceller le récépissé"),
    "issue_attestation": ActOptions(SIGNING, timedelta(seconds=30), "Sceller l’attestation d’acceptation implicite"),
    "issue_void_notice": ActOptions(SIGNING, timedelta(seconds=30), "Sceller l’avis de caducité"),
    "sign_decision": ActOptions(SIGNING, timedelta(seconds=30), "Signer la décision"),
    "seal_completion_request": ActOptions(SIGNING, timedelta(seconds=30), "Sceller la demande de pièces"),
    "forget_old": ActOptions(CASES, timedelta(minutes=5), "Oublier ce qui n’a plus à être gardé"),
    "stamp_chain": ActOptions(SIGNING, timedelta(minutes=5), "Horodater le journal"),
    "send_notices": ActOptions(CASES, timedelta(minutes=1), "Envoyer les avis par courriel"),
    "prepare_deposit": ActOptions(AGENCY, timedelta(seconds=30), "Réserver le fichier de dépôt"),
    "put_deposit": ActOptions(AGENCY, timedelta(seconds=90), "Déposer le fichier auprès de l’ASP"),
}
"""The one table of options, by act. A case also waits for this timeout when a worker is killed during the act:
a decision must not wait minutes before another worker signs it."""

UNLIMITED_RETRIES = RetryPolicy(maximum_interval=timedelta(seconds=10))
"""Local acts depend on the register alone, so they retry until it answers."""
RETRIES_BEFORE_PARKING = RetryPolicy(maximum_interval=timedelta(seconds=10), maximum_attempts=4)
ONE_ATTEMPT = RetryPolicy(maximum_attempts=1)
ANSWER_TIMEOUT = timedelta(minutes=1)
"""Limit of an act whose result somebody is waiting for."""
FIRST_PARKING_PAUSE = timedelta(minutes=5)
"""First pause of a parked process, which then retries by itself. Each pause is twice the one before, so it resumes
within twice the time that its dependency was down; an operator's `resume` makes it retry at once."""


async def run_without_parking(act: Callable[..., object], message: object, summary: str) -> None:
    """Run an act on the signing queue for somebody who is waiting: it answers soon or fails, and never parks."""
    await workflow.execute_activity_method(
        act,
        message,
        task_queue=SIGNING,
        schedule_to_close_timeout=ANSWER_TIMEOUT,
        retry_policy=RetryPolicy(maximum_attempts=3),
        summary=summary,
    )


class ActRunner:
    """A process that performs acts. `resume` is the operator's signal to retry parked acts."""

    def __init__(self) -> None:
        self._resumes = 0
        self._broken: dict[str, str] = {}

    @workflow.signal(name="resume", description="Reprendre ce qui est en attente d’un service rétabli")
    def resume(self) -> None:
        """Retry all parked acts now."""
        self._resumes += 1

    @overload
    async def perform(
        self, act: Callable[[ActsT, MessageT], Coroutine[object, object, ResultT]], message: MessageT
    ) -> ResultT: ...
    @overload
    async def perform(self, act: Callable[[ActsT, MessageT], ResultT], message: MessageT) -> ResultT: ...
    async def perform(self, act: Callable[..., object], message: object) -> object:
        """Perform an act, retrying for as long as it takes."""
        options = ACT_OPTIONS[act.__name__]
        if options.task_queue is None:
            return await self._run_locally(act, message, options)
        pause, policy = FIRST_PARKING_PAUSE, RETRIES_BEFORE_PARKING
        while True:
            try:
                result = await self._run_remotely(act, message, options, policy)
            except ActivityError as broken:
                await self._park(act.__name__, broken, pause)
                pause, policy = self.next_pause(pause), ONE_ATTEMPT
            else:
                await self._unpark(act.__name__)
                return result

    def next_pause(self, pause: timedelta) -> timedelta:
        """Return the pause after another failed attempt: twice the last one."""
        return 2 * pause

    async def _run_locally(self, act: Callable[..., object], message: object, options: ActOptions) -> object:
        return await workflow.execute_local_activity_method(
            act,
            message,
            start_to_close_timeout=options.timeout,
            retry_policy=UNLIMITED_RETRIES,
            summary=options.summary,
        )

    async def _run_remotely(
        self, act: Callable[..., object], message: object, options: ActOptions, policy: RetryPolicy
    ) -> object:
        return await workflow.execute_activity_method(
            act,
            message,
            task_queue=options.task_queue,
            start_to_close_timeout=options.timeout,
            retry_policy=policy,
            summary=options.summary,
        )

    async def _park(self, act: str, broken: ActivityError, pause: timedelta) -> None:
        part = (broken.cause.type if isinstance(broken.cause, ApplicationError) else None) or "inconnu"
        seen = self._resumes  # read before an operator can see the incident and resume it
        if act not in self._broken:
            self._broken[act] = part
            await self.perform(RegisterActs.open_incident, self._incident(act, part))
            self._show_incidents()
            if part == Part.REGISTER:
                return  # the register has just recorded the incident, so it is back
        try:
            await workflow.wait_condition(
                lambda: self._resumes != seen,
                timeout=pause,
                timeout_summary=f"En attente : {ACT_OPTIONS[act].summary.lower()} ({PARTS.get(part, part)})",
            )
        except TimeoutError:
            return

    async def _unpark(self, act: str) -> None:
        # Removed before awaiting: the same act may succeed for two of its subjects at the same time.
        part = self._broken.pop(act, None)
        if part is not None:
            await self.perform(RegisterActs.close_incident, self._incident(act, part))
            self._show_incidents()

    def _incident(self, act: str, part: str) -> Incident:
        return Incident(subject=workflow.info().workflow_id, act=act, part=part)

    def _show_incidents(self) -> None:
        parts = ", ".join(sorted(set(self._broken.values())))
        workflow.upsert_search_attributes([INCIDENT.value_set(parts) if parts else INCIDENT.value_unset()])

"""How a process performs acts: with the options of each; a broken dependency parks the process, never fails it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, overload

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from models.engine.names import AGENCY, CASES, INCIDENT, READING, SIGNING
from models.labels import Part
from models.messages.acts import RegisterActs
from models.messages.case import Incident
from workflows.parts import operator_texts

ActsT = TypeVar("ActsT")
MessageT = TypeVar("MessageT")
ResultT = TypeVar("ResultT")
PARTS = Part.labels()


AT_ONCE = 1
"""Priority of what must be signed before an instant: silence would win while it waits behind receipts."""
SOON = 2
"""Priority of what an agent agreed to or refused, and is paid or contested from its signature on."""
USUAL = 3
LATER = 5
"""Priority of what strangers cause, enrolments, and of what only has to be done in the night."""


@dataclass(frozen=True)
class ActOptions:
    """Task queue of an act (None: a local activity, in the worker of the process), its timeout, the summary shown.

    An act of a lower priority (a greater number) runs once those of its queue that are before it have begun.
    """

    task_queue: str | None
    timeout: timedelta
    summary: str
    priority: int = USUAL
    heartbeat: timedelta | None = None
    """Longest silence of a long act that says how far it is: after it, another worker begins it again."""


ENVELOPING = 300_000 * timedelta(milliseconds=2)
"""Of the longest claim; a line takes a free core forty microseconds."""
ACT_OPTIONS = {
    "establish_silence": ActOptions(None, timedelta(minutes=1), "Établir le silence, si l’instant est venu"),
    "notify_decision": ActOptions(None, timedelta(seconds=20), "Notifier la décision, s’il est encore temps"),
    "notify_completion_request": ActOptions(None, timedelta(seconds=20), "Notifier la demande de pièces"),
    "remind": ActOptions(None, timedelta(seconds=20), "Rappeler l’échéance"),
    "hand_over": ActOptions(None, timedelta(seconds=20), "Mettre en file pour l’ASP"),
    "find_forfeiture": ActOptions(None, timedelta(seconds=20), "Lire jusqu’à quand la période accordée se réclame"),
    "close_case": ActOptions(None, timedelta(seconds=20), "Clore le dossier"),
    "lapse_draft": ActOptions(None, timedelta(seconds=20), "Rendre caduc le brouillon, si le délai est passé"),
    "issue_credentials": ActOptions(None, timedelta(seconds=20), "Émettre le code d’activation"),
    "watch_credentials": ActOptions(None, timedelta(seconds=20), "Vérifier que les identifiants sont partis"),
    "lapse_enrolment": ActOptions(None, timedelta(seconds=20), "Rendre caduque l’adhésion, si le code a expiré"),
    "look_at_claim": ActOptions(None, timedelta(seconds=20), "Lire où en est la demande d’indemnisation"),
    "hand_over_claim": ActOptions(None, timedelta(seconds=20), "Mettre la demande d’indemnisation en file pour l’ASP"),
    "open_incident": ActOptions(None, timedelta(seconds=20), "Ouvrir un incident"),
    "close_incident": ActOptions(None, timedelta(seconds=20), "Clore l’incident"),
    "control": ActOptions(CASES, timedelta(seconds=20), "Contrôler la demande"),
    "control_claim": ActOptions(CASES, timedelta(seconds=20), "Contrôler la demande d’indemnisation"),
    "identify": ActOptions(CASES, timedelta(seconds=20), "Demander l’établissement au répertoire"),
    "issue_document": ActOptions(SIGNING, timedelta(seconds=30), "Établir un document"),
    "issue_enrolment_receipt": ActOptions(SIGNING, timedelta(seconds=30), "Sceller le récépissé d’adhésion", LATER),
    "issue_receipt": ActOptions(SIGNING, timedelta(seconds=30), "Sceller le récépissé"),
    "issue_attestation": ActOptions(SIGNING, timedelta(seconds=30), "Sceller l’attestation d’acceptation implicite"),
    "issue_void_notice": ActOptions(SIGNING, timedelta(seconds=30), "Sceller l’avis de caducité"),
    "sign_decision": ActOptions(SIGNING, timedelta(seconds=30), "Signer la décision", AT_ONCE),
    "seal_completion_request": ActOptions(SIGNING, timedelta(seconds=30), "Sceller la demande de pièces", AT_ONCE),
    "read_upload": ActOptions(
        READING, timedelta(minutes=10), "Lire le fichier de la demande", heartbeat=timedelta(minutes=1)
    ),
    "forget_uploads": ActOptions(None, timedelta(seconds=20), "Effacer le fichier qui n’a pas été déposé"),
    "sign_claim": ActOptions(SIGNING, timedelta(seconds=30), "Signer la demande d’indemnisation", SOON),
    "sign_claim_refusal": ActOptions(SIGNING, timedelta(seconds=30), "Signer le refus de l’indemnisation", SOON),
    "forget_old": ActOptions(CASES, timedelta(minutes=5), "Oublier ce qui n’a plus à être gardé"),
    "stamp_chain": ActOptions(SIGNING, timedelta(minutes=5), "Horodater le journal", LATER),
    "copy_anchors": ActOptions(SIGNING, timedelta(minutes=10), "Copier les ancrages hors du registre", LATER),
    "audit_register": ActOptions(SIGNING, timedelta(hours=4), "Auditer le registre", LATER),
    "print_letter": ActOptions(CASES, timedelta(minutes=1), "Imprimer une lettre"),
    "send_notices": ActOptions(CASES, timedelta(minutes=1), "Envoyer les avis par courriel"),
    "envelop_people": ActOptions(
        AGENCY, ENVELOPING, "Faire le fichier nominatif de la demande", SOON, timedelta(minutes=1)
    ),
    "prepare_deposit": ActOptions(AGENCY, timedelta(minutes=1), "Réserver le fichier de dépôt"),
    "put_deposit": ActOptions(AGENCY, timedelta(minutes=3), "Déposer le fichier auprès de l’ASP"),
    "preflight": ActOptions(AGENCY, timedelta(seconds=20), "Demander si le flux est ouvert"),
    "list_answers": ActOptions(AGENCY, timedelta(seconds=90), "Lister les retours de l’ASP"),
    "read_answers": ActOptions(AGENCY, timedelta(minutes=5), "Appliquer un fichier de retours"),
    "drop_answers": ActOptions(AGENCY, timedelta(seconds=90), "Supprimer un fichier de retours appliqué"),
    "watch_answers": ActOptions(AGENCY, timedelta(minutes=5), "Surveiller les lignes sans réponse"),
}
"""The one table of options, by act. A case also waits for this timeout when a worker is killed during the act:
a decision must not wait minutes before another worker signs it."""

UNLIMITED_RETRIES = RetryPolicy(maximum_interval=timedelta(seconds=10))
"""Local acts depend on the register alone, so they retry until it answers."""
RETRIES_BEFORE_PARKING = RetryPolicy(maximum_interval=timedelta(seconds=10), maximum_attempts=4)
ONE_ATTEMPT = RetryPolicy(maximum_attempts=1)
FEW_RETRIES = RetryPolicy(maximum_attempts=3)
AGAIN_WHILE_AWAITED = RetryPolicy(maximum_interval=timedelta(seconds=4))
"""Of a process that ends when its caller stops waiting: what it needs may come back before that."""
ANSWER_TIMEOUT = timedelta(minutes=1)
"""Limit of an act whose result somebody is waiting for."""
FIRST_PARKING_PAUSE = timedelta(minutes=5)
"""First pause of a parked process, which then retries by itself. Each pause is twice the one before, so it resumes
within twice the time that its dependency was down; an operator's `resume` makes it retry at once."""


async def run_without_parking(
    act: Callable[..., object], message: object, summary: str, task_queue: str, retries: RetryPolicy = FEW_RETRIES
) -> None:
    """Run an act for somebody who is waiting: it answers soon or fails, and never parks."""
    await workflow.execute_activity_method(
        act,
        message,
        task_queue=task_queue,
        schedule_to_close_timeout=ANSWER_TIMEOUT,
        retry_policy=retries,
        summary=summary,
    )


class ActRunner:
    """A process that performs acts. `resume` is the operator's signal to retry parked acts."""

    def __init__(self) -> None:
        self._resumes = 0
        self._broken: dict[str, str] = {}
        self._phase = ""

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
                await self.unpark(act.__name__)
                return result

    async def attempt(self, act: Callable[[ActsT, MessageT], object], message: MessageT, subject: str) -> bool:
        """Perform an act for which nothing may wait: a few tries, then an incident about `subject`, and False."""
        return (await self._attempt(act, message, subject))[0]

    @overload
    async def attempt_for(
        self, act: Callable[[ActsT, MessageT], Coroutine[object, object, ResultT]], message: MessageT, subject: str
    ) -> ResultT | None: ...
    @overload
    async def attempt_for(
        self, act: Callable[[ActsT, MessageT], ResultT], message: MessageT, subject: str
    ) -> ResultT | None: ...
    async def attempt_for(self, act: Callable[..., object], message: object, subject: str) -> object:
        """Perform an act as `attempt` does and return its result; None if it could not be done."""
        return (await self._attempt(act, message, subject))[1]

    async def _attempt(self, act: Callable[..., object], message: object, subject: str) -> tuple[bool, object]:
        options = ACT_OPTIONS[act.__name__]
        try:
            result = await self._run_remotely(act, message, options, RETRIES_BEFORE_PARKING)
        except ActivityError as broken:
            incident = Incident(subject=subject, act=act.__name__, part=_broken_part(broken))
            await self.perform(RegisterActs.open_incident, incident)
            return False, None
        await self.perform(RegisterActs.close_incident, Incident(subject=subject, act=act.__name__, part=""))
        return True, result

    def describe(self, phase: str) -> None:
        """Show operators in which phase the process is, with what is broken and may be done while an act is parked."""
        self._phase = phase
        waiting = [operator_texts.parked(ACT_OPTIONS[act].summary, part) for act, part in self._broken.items()]
        workflow.set_current_details("\n\n".join(filter(None, (phase, *waiting))))

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
            heartbeat_timeout=options.heartbeat,
            retry_policy=policy,
            summary=options.summary,
            priority=Priority(priority_key=options.priority),
        )

    async def _park(self, act: str, broken: ActivityError, pause: timedelta) -> None:
        part = _broken_part(broken)
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

    async def unpark(self, act: str) -> None:
        """Close the incident of an act, if one is open."""
        # Removed before awaiting: the same act may succeed for two of its subjects at the same time.
        part = self._broken.pop(act, None)
        if part is not None:
            await self.perform(RegisterActs.close_incident, self._incident(act, part))
            self._show_incidents()

    def _incident(self, act: str, part: str) -> Incident:
        return Incident(subject=workflow.info().workflow_id, act=act, part=part)

    def _show_incidents(self) -> None:
        self.describe(self._phase)
        parts = ", ".join(sorted(set(self._broken.values())))
        workflow.upsert_search_attributes([INCIDENT.value_set(parts) if parts else INCIDENT.value_unset()])


def _broken_part(broken: ActivityError) -> str:
    """Return the part that an act named when it failed."""
    return (broken.cause.type if isinstance(broken.cause, ApplicationError) else None) or "inconnu"

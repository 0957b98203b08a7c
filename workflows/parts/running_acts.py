"""How a process performs acts: by the options of each, and parked, never failed, on a broken dependency."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, overload

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from models.engine.names import AGENCY, CASES, INCIDENT, SIGNING
from models.messages.acts import RegisterActs
from models.messages.case import Incident

Family = TypeVar("Family")
Said = TypeVar("Said")
Done = TypeVar("Done")


@dataclass(frozen=True)
class ActOptions:
    """Where an act is done (None: at once, in the worker of the process), how long it may take, what is shown."""

    queue: str | None
    limit: timedelta
    summary: str


ACT_OPTIONS = {
    "establish_silence": ActOptions(None, timedelta(minutes=1), "Établir le silence, si l’instant est venu"),
    "notify_decision": ActOptions(None, timedelta(seconds=20), "Notifier la décision, s’il est encore temps"),
    "notify_completion_request": ActOptions(None, timedelta(seconds=20), "Notifier la demande de pièces"),
    "remind": ActOptions(None, timedelta(seconds=20), "Rappeler l’échéance"),
    "hand_over": ActOptions(None, timedelta(seconds=20), "Mettre en file pour l’ASP"),
    "close_case": ActOptions(None, timedelta(seconds=20), "Clore le dossier"),
    "lapse_draft": ActOptions(
        None, timedelta(seconds=20), "Rendre caduc le brouillon, si le délai est passé"
    ),
    "issue_credentials": ActOptions(None, timedelta(seconds=20), "Émettre le code d’activation"),
    "watch_credentials": ActOptions(None, timedelta(seconds=20), "Vérifier que les identifiants sont partis"),
    "lapse_enrolment": ActOptions(
        None, timedelta(seconds=20), "Rendre caduque l’adhésion, si le code a expiré"
    ),
    "open_incident": ActOptions(None, timedelta(seconds=20), "Ouvrir un incident"),
    "close_incident": ActOptions(None, timedelta(seconds=20), "Clore l’incident"),
    "control": ActOptions(CASES, timedelta(seconds=20), "Contrôler la demande"),
    "identify": ActOptions(CASES, timedelta(seconds=20), "Demander l’établissement au répertoire"),
    "issue_enrolment_receipt": ActOptions(SIGNING, timedelta(seconds=30), "Sceller le récépissé d’adhésion"),
    "issue_receipt": ActOptions(SIGNING, timedelta(seconds=30), "Sceller le récépissé"),
    "issue_attestation": ActOptions(
        SIGNING, timedelta(seconds=30), "Sceller l’attestation d’acceptation implicite"
    ),
    "issue_void_notice": ActOptions(SIGNING, timedelta(seconds=30), "Sceller l’avis de caducité"),
    "sign_decision": ActOptions(SIGNING, timedelta(seconds=30), "Signer la décision"),
    "seal_completion_request": ActOptions(SIGNING, timedelta(seconds=30), "Sceller la demande de pièces"),
    "forget_old": ActOptions(CASES, timedelta(minutes=5), "Oublier ce qui n’a plus à être gardé"),
    "stamp_chain": ActOptions(SIGNING, timedelta(minutes=5), "Horodater le journal"),
    "send_notices": ActOptions(CASES, timedelta(minutes=1), "Envoyer les avis par courriel"),
    "prepare_deposit": ActOptions(AGENCY, timedelta(seconds=30), "Réserver le fichier de dépôt"),
    "put_deposit": ActOptions(AGENCY, timedelta(seconds=90), "Déposer le fichier auprès de l’ASP"),
}
"""The one table of options, by act. A limit is also how long a case waits for a worker that was killed in the act:
a decision must not wait minutes before another worker signs it."""

UNLIMITED_RETRIES = RetryPolicy(maximum_interval=timedelta(seconds=10))
"""Local acts need the register only: they wait for it."""
BEFORE_PARKING = RetryPolicy(maximum_interval=timedelta(seconds=10), maximum_attempts=4)
ONCE = RetryPolicy(maximum_attempts=1)
TIME_TO_ANSWER = timedelta(minutes=1)
"""Given to an act that somebody waits for."""
PARKED = timedelta(minutes=5)
"""A parked process tries again by itself after a pause that doubles, so within twice the time that its
dependency was away; an operator's `resume` does it at once."""


async def run_without_parking(act: Callable[..., object], message: object, summary: str) -> None:
    """Do an act on the signing queue for somebody who waits: it comes soon or not at all, and nothing parks."""
    await workflow.execute_activity_method(
        act,
        message,
        task_queue=SIGNING,
        schedule_to_close_timeout=TIME_TO_ANSWER,
        retry_policy=RetryPolicy(maximum_attempts=3),
        summary=summary,
    )


class ActRunner:
    """A process that performs acts. `resume` is the operator's signal to try again what is parked."""

    def __init__(self) -> None:
        self._resumes = 0
        self._broken: dict[str, str] = {}

    @workflow.signal(name="resume", description="Reprendre ce qui est en attente d’un service rétabli")
    def resume(self) -> None:
        """Try again, now, whatever is parked."""
        self._resumes += 1

    @overload
    async def perform(
        self, act: Callable[[Family, Said], Coroutine[object, object, Done]], message: Said
    ) -> Done: ...
    @overload
    async def perform(self, act: Callable[[Family, Said], Done], message: Said) -> Done: ...
    async def perform(self, act: Callable[..., object], message: object) -> object:
        """Perform an act, for as long as it takes."""
        way = ACT_OPTIONS[act.__name__]
        if way.queue is None:
            return await self._at_once(act, message, way)
        pause, policy = PARKED, BEFORE_PARKING
        while True:
            try:
                done = await self._once(act, message, way, policy)
            except ActivityError as broken:
                await self._park(act.__name__, broken, pause)
                pause, policy = self.longer(pause), ONCE
            else:
                await self._unpark(act.__name__)
                return done

    def longer(self, pause: timedelta) -> timedelta:
        """Return the pause after one that was not long enough."""
        return 2 * pause

    async def _at_once(self, act: Callable[..., object], message: object, way: ActOptions) -> object:
        return await workflow.execute_local_activity_method(
            act,
            message,
            start_to_close_timeout=way.limit,
            retry_policy=UNLIMITED_RETRIES,
            summary=way.summary,
        )

    async def _once(
        self, act: Callable[..., object], message: object, way: ActOptions, policy: RetryPolicy
    ) -> object:
        return await workflow.execute_activity_method(
            act,
            message,
            task_queue=way.queue,
            start_to_close_timeout=way.limit,
            retry_policy=policy,
            summary=way.summary,
        )

    async def _park(self, act: str, broken: ActivityError, pause: timedelta) -> None:
        part = (broken.cause.type if isinstance(broken.cause, ApplicationError) else None) or "inconnu"
        seen = self._resumes  # before anybody can know of the incident, and resume it
        if act not in self._broken:
            self._broken[act] = part
            await self.perform(RegisterActs.open_incident, self._incident(act, part))
            self._show_incidents()
            if part == "register":
                return  # it has just taken the incident: it is back
        try:
            await workflow.wait_condition(
                lambda: self._resumes != seen,
                timeout=pause,
                timeout_summary=f"En attente : {ACT_OPTIONS[act].summary.lower()} ({part})",
            )
        except TimeoutError:
            return

    async def _unpark(self, act: str) -> None:
        # Taken out at once: the same act may go through for two of its subjects at the same time.
        part = self._broken.pop(act, None)
        if part is not None:
            await self.perform(RegisterActs.close_incident, self._incident(act, part))
            self._show_incidents()

    def _incident(self, act: str, part: str) -> Incident:
        return Incident(subject=workflow.info().workflow_id, act=act, part=part)

    def _show_incidents(self) -> None:
        parts = ", ".join(sorted(set(self._broken.values())))
        workflow.upsert_search_attributes([INCIDENT.value_set(parts) if parts else INCIDENT.value_unset()])

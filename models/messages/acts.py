"""All that this system can do to the world: every activity, declared and typed, without a body.

`workflows` call these declarations; `activities` and the tests' fakes subclass them: a method of the same name
implements the act and is registered under its declared activity name.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

from temporalio import activity

from models.bodies.enrolment import EnrolmentState, Listed
from models.identifiers import Message
from models.messages.case import DocumentRef, Incident, Publication, Ref, Reminder, SilenceOutcome
from models.messages.deposit import Channel, Deposit
from models.messages.draft import DraftEnd
from models.messages.verification import Upload


class Process(Message):
    """A process, by its workflow id."""

    id: str


class Acts(ABC):
    """A family of acts, implemented by subclasses of its declaration."""

    def __init_subclass__(cls) -> None:
        """Give each implementation the activity name of its declaration."""
        for name in _declared(cls) & vars(cls).keys():
            activity.defn(name=name)(vars(cls)[name])

    def activities(self) -> list[Callable[..., object]]:
        """Return the bound acts, to give to a worker."""
        return [getattr(self, name) for name in sorted(_declared(type(self)))]


def _declared(cls: type) -> set[str]:
    return {name for base in cls.__mro__[1:] for name in getattr(base, "__abstractmethods__", ())}


class RegisterActs(Acts):
    """What the register does by itself, in short transactions. Local acts, but for `control` and `forget_old`."""

    @activity.defn(name="establish_silence")
    @abstractmethod
    def establish_silence(self, ref: Ref) -> SilenceOutcome:
        """Établir tout silence échu, dont celui de ce dossier ; dire où il en est."""

    @activity.defn(name="notify_decision")
    @abstractmethod
    def notify_decision(self, ref: Ref) -> Publication:
        """Rendre lisible une décision signée, si l'instant n'est pas passé."""

    @activity.defn(name="notify_completion_request")
    @abstractmethod
    def notify_completion_request(self, ref: Ref) -> Publication:
        """Rendre lisible une demande de pièces et arrêter le délai, si l'instant n'est pas passé."""

    @activity.defn(name="control")
    @abstractmethod
    async def control(self, ref: Ref) -> tuple[str, ...]:
        """Contrôler la demande et garder les signaux pour l'agent ; ne bloque jamais le délai."""

    @activity.defn(name="remind")
    @abstractmethod
    def remind(self, reminder: Reminder) -> bool:
        """Écrire les avis d'un rappel ; dit s'il y a quelqu'un à prévenir."""

    @activity.defn(name="hand_over")
    @abstractmethod
    def hand_over(self, ref: Ref) -> None:
        """Mettre l'autorisation dans la file de transmission à l'ASP."""

    @activity.defn(name="close_case")
    @abstractmethod
    def close_case(self, ref: Ref) -> None:
        """Clore le dossier : son processus est terminé."""

    @activity.defn(name="lapse_draft")
    @abstractmethod
    def lapse_draft(self, ref: Ref) -> DraftEnd:
        """Rendre caduc un brouillon dont le délai de dépôt est passé ; dire où il en est."""

    @activity.defn(name="forget_old")
    @abstractmethod
    def forget_old(self, process: Process) -> int:
        """Oublier ce qui n'a plus à être gardé : clés d'idempotence, messages délivrés, clés de courses finies."""

    @activity.defn(name="open_incident")
    @abstractmethod
    def open_incident(self, incident: Incident) -> None:
        """Ouvrir un incident."""

    @activity.defn(name="close_incident")
    @abstractmethod
    def close_incident(self, incident: Incident) -> None:
        """Clore un incident."""


class EnrolmentActs(Acts):
    """Adhésions (R. 5122-26, I) : leurs identifiants et leur délai. Local acts, but for `identify`."""

    @activity.defn(name="issue_credentials")
    @abstractmethod
    def issue_credentials(self, ref: Ref) -> EnrolmentState:
        """Rendre bon le code d'activation demandé en dernier et l'annoncer ; dire où en est l'adhésion."""

    @activity.defn(name="watch_credentials")
    @abstractmethod
    def watch_credentials(self, ref: Ref) -> EnrolmentState:
        """Constater le départ des identifiants, l'alerte avant leur limite, ou le manquement."""

    @activity.defn(name="lapse_enrolment")
    @abstractmethod
    def lapse_enrolment(self, ref: Ref) -> EnrolmentState:
        """Rendre caduque une adhésion que rien n'a activée à temps ; dire où elle en est."""

    @activity.defn(name="identify")
    @abstractmethod
    async def identify(self, ref: Ref) -> Listed:
        """Demander l'établissement au répertoire, signaler ce qui étonne ; ne bloque jamais l'adhésion."""


class DocumentActs(Acts):
    """Documents composed, sealed or signed, time-stamped and kept. They hold keys: queue `signing`."""

    @activity.defn(name="issue_receipt")
    @abstractmethod
    def issue_receipt(self, ref: Ref) -> DocumentRef:
        """Sceller et publier le récépissé d'une réception (`ref.id` : son rang)."""

    @activity.defn(name="issue_enrolment_receipt")
    @abstractmethod
    def issue_enrolment_receipt(self, ref: Ref) -> DocumentRef:
        """Sceller le récépissé d'une adhésion (`ref.id`), lisible une fois celle-ci activée."""

    @activity.defn(name="issue_attestation")
    @abstractmethod
    def issue_attestation(self, ref: Ref) -> DocumentRef:
        """Sceller et publier l'attestation d'acceptation implicite."""

    @activity.defn(name="issue_void_notice")
    @abstractmethod
    def issue_void_notice(self, ref: Ref) -> DocumentRef:
        """Sceller et publier l'avis de caducité d'une décision (`ref.id`)."""

    @activity.defn(name="sign_decision")
    @abstractmethod
    def sign_decision(self, ref: Ref) -> DocumentRef | None:
        """Composer et signer une décision (`ref.id`), sans la publier ; rien si elle n'est plus à signer."""

    @activity.defn(name="seal_completion_request")
    @abstractmethod
    def seal_completion_request(self, ref: Ref) -> DocumentRef | None:
        """Composer et sceller une demande de pièces (`ref.id`), sans la publier ; rien si elle n'a plus lieu d'être."""

    @activity.defn(name="stamp_chain")
    @abstractmethod
    def stamp_chain(self, process: Process) -> int:
        """Horodater les événements nouveaux de tous les dossiers ; dit jusqu'où."""

    @activity.defn(name="preview_decision")
    @abstractmethod
    def preview_decision(self, ref: Ref) -> None:
        """Composer une décision sans la prendre (`ref.id` : ce qui est proposé) ; n'en garder que le projet."""

    @activity.defn(name="verify_document")
    @abstractmethod
    def verify_document(self, upload: Upload) -> None:
        """Vérifier un document reçu et garder le résultat."""


class MailActs(Acts):
    """Avis par courriel : un lien, jamais le document."""

    @activity.defn(name="send_notices")
    @abstractmethod
    async def send_notices(self, process: Process) -> int:
        """Envoyer les avis en attente d'un processus ; dit combien."""


class AgencyActs(Acts):
    """Transmission à l'ASP. Queue `agency`, one file at a time."""

    @activity.defn(name="prepare_deposit")
    @abstractmethod
    def prepare_deposit(self, channel: Channel) -> Deposit | None:
        """Réserver le prochain fichier : son nom, ses lignes, ses octets ; rien s'il n'y a rien à transmettre."""

    @activity.defn(name="put_deposit")
    @abstractmethod
    async def put_deposit(self, deposit: Deposit) -> None:
        """Écrire un fichier réservé dans le dossier de l'agence, le même à chaque fois."""

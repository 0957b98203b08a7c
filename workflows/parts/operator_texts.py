"""The French texts that operators read beside a process: its phase, and what it waits for."""

from datetime import datetime

from law.calendar import local
from law.directory import PARIS
from law.silence import Rule
from law.texts import in_french, instant_in_french
from models.claim_labels import ClaimState
from models.labels import DraftStatus, Outcome, Part
from models.messages.answers import Unanswered
from models.messages.case import Case
from models.messages.claim import ClaimStanding, HandOverHeld, MonthlyClaim
from models.messages.deposit import Opening
from models.messages.draft import Draft, DraftEnd
from models.messages.enrolment import Enrolment, EnrolmentState
from models.messages.upload import UploadProgress
from models.remedies import remedy


def under_review(case: Case, rule: Rule, deadline_at: datetime) -> str:
    """Say that the clock is running, and until when."""
    until = instant_in_french(local(deadline_at, case.department))
    return f"**Instruction en cours** ({rule.label}). Le silence vaudra acceptation le **{until}**."


def awaiting_completion(case: Case, limit_at: datetime | None) -> str:
    """Say that the clock is stopped, and until when pieces are awaited."""
    if limit_at is None:
        return "**Délai arrêté** : des pièces indispensables sont demandées."
    until = instant_in_french(local(limit_at, case.department))
    return f"**Délai arrêté** : des pièces indispensables sont demandées, attendues avant le {until}."


def settled(case: Case, outcome: Outcome, effect_at: datetime) -> str:
    """Say how the request ended, and since when."""
    since = instant_in_french(local(effect_at, case.department))
    return f"**{outcome.label}**, avec effet le {since}."


def held(case: Case, outcome: Outcome, effect_at: datetime) -> str:
    """Say that the request ended, and that its hand-over to the agency is held."""
    return settled(case, outcome, effect_at) + " **Transmission à l’ASP suspendue** : voir le dossier."


def closed(case: Case, outcome: Outcome, effect_at: datetime) -> str:
    """Say that nothing more is expected."""
    return settled(case, outcome, effect_at) + " Dossier clos."


UNTIL_UPLOAD_EXPIRES = "Garder le fichier jusqu’au dépôt de sa demande, sinon l’effacer"
UNTIL_UPLOAD_HAS_A_PLACE = "Attendre la fin de la lecture d’un autre fichier"


def upload(progress: UploadProgress) -> str:
    """Say how far a file of a claim is; the engine does not know whose it is."""
    counted = f" : {progress.lines} lignes, {progress.errors} erreurs" if progress.lines else ""
    return f"**{progress.state.label}**{counted}."


def open_draft(draft: Draft) -> str:
    """Say until when a draft may be filed."""
    until = instant_in_french(local(draft.accepted_until, draft.department))
    return f"**Brouillon**, à déposer avant le {until}."


def ended_draft(end: DraftEnd) -> str:
    """Say how a draft ended."""
    ends = {
        DraftStatus.FILED: f"**Déposé** sous la référence {end.reference}.",
        DraftStatus.DELETED: "**Supprimé** par l’employeur.",
    }
    return ends.get(end.status, "**Caduc** : non déposé.")


def enrolling(enrolment: Enrolment) -> str:
    """Say by when the credentials of an enrolment must leave."""
    until = instant_in_french(local(enrolment.due_at, enrolment.department))
    return f"**Adhésion reçue** : identifiants à envoyer au plus tard le {until}."


def awaiting_activation(enrolment: Enrolment, state: EnrolmentState) -> str:
    """Say that the credentials left, and after how long."""
    if state.sent_at is None:
        return enrolling(enrolment)
    seconds = max(round((state.sent_at - enrolment.requested_at).total_seconds()), 0)
    punctuality = "dans le délai" if state.sent_at <= enrolment.due_at else "**hors délai**"
    return f"**Identifiants envoyés** en {seconds // 60} min {seconds % 60} s, {punctuality}. Activation attendue."


def ended_enrolment(state: EnrolmentState) -> str:
    """Say how an enrolment ended."""
    return "**Adhésion activée.**" if state.status == "activated" else "**Caduque** : code non utilisé."


def claim_in_state(claim: MonthlyClaim, standing: ClaimStanding) -> str:
    """Say where a claim stands, what it waits for or what an agent looks at, and until when it is to be paid."""
    phase = f"**{standing.state.label}**."
    if standing.is_over:
        return phase
    until = f"Paiement dû au plus tard le {in_french(claim.due_on)}."
    return " ".join([phase, until, *(each.label for each in standing.signals)])


def held_claim(claim: MonthlyClaim, held: HandOverHeld) -> str:
    """Say that a claim is signed, and what holds its hand-over to the agency."""
    why = ", ".join(each.label for each in held.reasons)
    signed = claim_in_state(claim, ClaimStanding(state=ClaimState.SIGNED))
    return f"{signed} **Transmission à l’ASP suspendue** : {why}."


def answers(dropped: int, waiting: Unanswered) -> str:
    """Say how many files of answers were dealt with, and what the agency has not answered."""
    late = f", dont {waiting.overdue} en retard" if waiting.overdue else ""
    return f"Fichiers de retours traités : {dropped}. Fichiers déposés sans réponse complète : {waiting.files}{late}."


def closed_channel(opening: Opening) -> str:
    """Say why no file is put now, and until when."""
    until = f" jusqu’au {instant_in_french(local(opening.opens_at, PARIS))}" if opening.opens_at else ""
    why = "L’ASP a annoncé qu’elle ne prend pas de fichier" if opening.frozen else "Hors des heures de dépôt"
    return f"**{why}**{until} : les lignes attendent."


def parked(summary: str, part: str) -> str:
    """Say what an act waits for, and what may be done; it also retries by itself."""
    broken = Part.labels().get(part, part)
    return f"**En attente** : {summary[0].lower()}{summary[1:]} ({broken}). {remedy(part)}"


UNTIL_REMINDER = "Prochain rappel avant le silence"
UNTIL_SILENCE = "Instant de l’acceptation implicite"
UNTIL_LIMIT = "Fin du délai laissé pour les pièces"
UNTIL_OPINION = "Prochain rappel de l’avis du CSE"
UNTIL_CONFIRMED = "Nouvelle question au répertoire des établissements"
UNTIL_COUNCIL = "Rappel : informer le CSE de la décision"
UNTIL_AUTHORITY_REMINDER = "Transmission suspendue : prochain rappel de prouver l’habilitation"
UNTIL_FORFEITURE = "Forclusion de la dernière demande d’indemnisation"
UNTIL_OPENING = "Prochaine ouverture du flux vers l’ASP"
UNTIL_LAPSE = "Fin du délai de dépôt"
UNTIL_DRAFT_REMINDER = "Prochain rappel avant la fin du délai de dépôt"
UNTIL_CREDENTIALS = "Identifiants non partis : prochaine vérification"
UNTIL_ACTIVATION_REMINDER = "Prochain rappel avant la fin du code d’activation"
UNTIL_EXPIRY = "Fin du code d’activation"

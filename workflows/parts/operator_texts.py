"""The French texts that operators read beside a process: its phase, and what it waits for."""

from datetime import datetime

from law.calendar import local
from law.silence import Rule
from law.texts import instant_in_french
from models.labels import Outcome
from models.messages.case import Case
from models.messages.draft import Draft, DraftEnd
from models.messages.enrolment import Enrolment, EnrolmentState


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


def closed(case: Case, outcome: Outcome, effect_at: datetime) -> str:
    """Say that nothing more is expected."""
    return settled(case, outcome, effect_at) + " Dossier clos."


def open_draft(draft: Draft) -> str:
    """Say until when a draft may be filed."""
    until = instant_in_french(local(draft.accepted_until, draft.department))
    return f"**Brouillon**, à déposer avant le {until}."


def ended_draft(end: DraftEnd) -> str:
    """Say how a draft ended."""
    return f"**Déposé** sous la référence {end.reference}." if end.status == "filed" else "**Caduc** : non déposé."


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


UNTIL_REMINDER = "Prochain rappel avant le silence"
UNTIL_SILENCE = "Instant de l’acceptation implicite"
UNTIL_LIMIT = "Fin du délai laissé pour les pièces"
UNTIL_OPINION = "Prochain rappel de l’avis du CSE"
UNTIL_COUNCIL = "Rappel : informer le CSE de la décision"
UNTIL_FORFEITURE = "Forclusion de la dernière demande d’indemnisation"
UNTIL_LAPSE = "Fin du délai de dépôt"
UNTIL_DRAFT_REMINDER = "Prochain rappel avant la fin du délai de dépôt"
UNTIL_CREDENTIALS = "Identifiants non partis : prochaine vérification"
UNTIL_ACTIVATION_REMINDER = "Prochain rappel avant la fin du code d’activation"
UNTIL_EXPIRY = "Fin du code d’activation"

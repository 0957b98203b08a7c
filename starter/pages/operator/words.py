"""What operators and auditors read in place of codes: acts, dependencies, entries of the log, ages and instants."""

from datetime import datetime
from typing import Final

from law.calendar import local
from law.directory import PARIS, department
from law.texts import count_in_french, end_in_french, instant_in_french
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.labels import Part
from models.store.agency.channel_states import ChannelState
from models.store.agency.channel_traffic import Traffic
from models.store.operations.unanswered import UnansweredDeposit
from starter.auth.permissions import Verb
from starter.services.channel_review import ChannelReview

ACTS: Final = {
    "resume": "Reprendre un processus arrêté",
    "erase": "Effacer l’historique d’un dossier clos",
    "evict": "Écarter un compte d’un établissement",
    "relocate": "Corriger le département d’un établissement",
    "replay_answers": "Rejouer un fichier de retours de l’ASP",
    "discard_answers": "Écarter un fichier de retours de l’ASP",
    "resend_deposit": "Envoyer de nouveau un fichier à l’ASP",
    "reject_claim": "Tenir pour rejetée une demande d’indemnisation sans réponse",
}
"""Exceptional acts, by kind."""
CONSEQUENCES: Final = {
    "resume": "Le processus essaie aussitôt de nouveau. Si le service manque encore, il s’arrête de nouveau.",
    "erase": "La clé du dossier est détruite : son historique dans le moteur devient illisible, pour toujours. "
    "Le registre et les documents demeurent.",
    "evict": "Le compte n’agit plus pour cet établissement ; ce qu’il a déposé n’est plus transmis à l’ASP sans "
    "l’accord d’un chef d’unité.",
    "relocate": "Les demandes à venir de l’établissement vont au service de ce département. Les échéances déjà "
    "annoncées ne changent pas.",
    "replay_answers": "Les lignes du fichier qui peuvent l’être sont appliquées aux demandes d’indemnisation ; celles "
    "qui l’ont été ne le sont pas deux fois.",
    "discard_answers": "Rien de plus du fichier n’est appliqué. Ses octets sont gardés ; les demandes attendent une "
    "autre réponse.",
    "resend_deposit": "Les mêmes octets partent sous le même nom, les fichiers nominatifs d’abord, dès que le flux est "
    "ouvert. Le silence de l’ASP est compté de nouveau.",
    "reject_claim": "La demande est rejetée et ses heures sont rendues ; l’employeur l’apprend par courriel. L’ASP "
    "doit avoir confirmé qu’elle ne l’a pas prise : si elle dit ensuite le contraire, un incident s’ouvre et rien "
    "d’autre ne change.",
}
"""What each does, as the page that asks for confirmation says it."""
CHANNELS: Final = {
    "authorizations": "Autorisations",
    "amendments": "Avenants",
    "claims": "Demandes d’indemnisation",
}
"""Channels to the paying agency."""
CHANNEL_EVENTS: Final = {
    "agency_frozen": "Gel annoncé ou modifié",
    "agency_resumed": "Reprise",
    "answer_quarantined": "Fichier de retours mis de côté",
    "incident_opened": "Incident ouvert",
    "incident_closed": "Incident clos",
}
"""Events in the chain of a channel, by type; another is shown by its code."""
BACKLOGS: Final = {
    "due": "Silences échus que rien ne constate encore",
    "outbox": "Messages que le moteur n’a pas reçus",
    "deposits": "Autorisations et demandes d’indemnisation qu’aucun fichier déposé ne transmet",
    "claims_to_agree": "Demandes d’indemnisation qui attendent un accord",
    "claims_to_send": "Demandes d’indemnisation signées qu’aucun fichier déposé ne transmet",
    "claims_unanswered": "Demandes d’indemnisation transmises auxquelles l’ASP n’a pas répondu",
    "claims_overdue": "Demandes d’indemnisation sans réponse dont le dernier jour de paiement est passé",
    "credentials": "Adhésions dont le code n’est pas parti",
    "queued_mails": "Courriels demandés par des inconnus, qui attendent leur tour",
    "unstamped": "Événements sans horodatage",
}
"""What waits, by name in `measures.WAITING`."""
ENTRIES: Final = {
    "nominal_data_read": "Données nominatives lues",
    "access_refused": "Accès refusé",
    "signed_in": "Connexion",
    "signed_out": "Déconnexion",
    "sign_in_refused": "Connexion refusée",
    "sign_in_changed": "Moyens de connexion modifiés",
    "guesses_slowed": "Essais ralentis",
    "password_changed": "Mot de passe changé",
    "password_code_sent": "Code de mot de passe envoyé",
    "one_time_codes_set": "Codes à usage unique modifiés",
    "passkey_added": "Clé d’accès ajoutée",
    "passkey_dropped": "Clé d’accès retirée",
    "token_issued": "Jeton créé",
    "token_revoked": "Jeton révoqué",
    "account_opened": "Compte ouvert",
    "account_changed": "Compte modifié",
    "account_closed": "Compte clos",
    "account_readdressed": "Adresse de compte changée",
    "members_changed": "Rattachements modifiés",
    "member_invited": "Membre invité",
    "invitation_accepted": "Invitation acceptée",
    "mandate_given": "Mandat donné",
    "mandate_revoked": "Mandat révoqué",
    "delegation_given": "Délégation donnée",
    "delegation_revoked": "Délégation révoquée",
    "leave_written": "Absence inscrite",
    "leave_cancelled": "Absence annulée",
    "authority_proven": "Habilitation prouvée",
    "authority_changed": "Habilitation modifiée",
    "authority_revoked": "Habilitation retirée",
    "confirmation_refused": "Confirmation refusée",
    "letter_printed": "Lettre imprimée",
    "letter_dropped": "Lettre abandonnée",
    "exceptional_act_asked": "Acte exceptionnel demandé",
    "exceptional_act_approved": "Acte exceptionnel approuvé",
    "exceptional_act_refused": "Acte exceptionnel refusé",
    "enrolment_evicted": "Adhésion écartée",
    "agency_frozen": "Flux vers l’ASP gelé",
    "agency_resumed": "Flux vers l’ASP repris",
}
"""Entries of the access log, by type; another is shown by its code."""
_VERBS: Final = {each.name.lower(): each.rule.label for each in Verb}


def entry(kind: str) -> str:
    """Return an entry of the log in words."""
    return ENTRIES.get(kind, kind.replace("_", " "))


def channel_event(kind: str) -> str:
    """Return an event of a channel in words."""
    return CHANNEL_EVENTS.get(kind, kind.replace("_", " "))


def waiting(state: ChannelState) -> str:
    """Return the rows that wait for a channel, and since when."""
    if not state.rows or state.waiting_since is None:
        return "Aucune ligne n’attend."
    return (
        f"{count_in_french(state.rows, 'ligne')} en attente, la plus ancienne depuis le {moment(state.waiting_since)}."
    )


def unanswered(traffic: Traffic) -> str:
    """Return the rows that were put and are not answered, and since when."""
    if not traffic.unanswered or traffic.unanswered_since is None:
        return "Tout ce qui est déposé a sa réponse."
    rows = count_in_french(traffic.unanswered, "ligne")
    return f"{rows} sans réponse, la plus ancienne déposée le {moment(traffic.unanswered_since)}."


def unanswered_rows(file: UnansweredDeposit) -> str:
    """Return how many rows of a file are not answered, and when it was put: « 2 lignes sur 40 sans réponse, … »."""
    rows = count_in_french(file.unanswered, "ligne")
    put = f", déposé le {moment(file.written_at)}" if file.written_at else ""
    again = f", envoyé de nouveau le {moment(file.resent_at)}" if file.resent_at else ""
    return f"{rows} sur {file.rows} sans réponse{put}{again}."


def file_at(name: str | None, at: datetime | None) -> str:
    """Return a file and when it was put or applied."""
    return f"{name}, le {moment(at)}" if name and at else "Aucun"


def next_deposit(review: ChannelReview) -> str:
    """Return when the next file may be put."""
    if review.opens_at is not None:
        return f"À partir du {moment(review.opens_at)}"
    if review.state.is_frozen:
        return "À la reprise du flux"
    return "Maintenant" if review.state.rows else "Dès qu’une ligne attend"


def stated_moment(at: str) -> str:
    """Return an instant that an event states."""
    return moment(datetime.fromisoformat(at))


def verb(code: str) -> str:
    """Return what a caller tried or did, in words."""
    return _VERBS.get(code, code)


def part(code: str) -> str:
    """Return a dependency in words: « l’horodatage »."""
    return Part.labels().get(code, "un service inconnu")


def moment(at: datetime, code: str = PARIS) -> str:
    """Return an instant in the legal time of a département."""
    place = department(code)
    return f"{instant_in_french(local(at, place.code))}, {place.legal_time}"


def until(at: datetime, process: str) -> str:
    """Return the end of a delay of a process, in the legal time of its département: « 13 décembre 2026 à minuit »."""
    kind = find_kind(process)
    code = kind.department(subject_of(process)) if kind and kind.department else None
    place = department(code or PARIS)
    return f"{end_in_french(local(at, place.code))}, {place.legal_time}"


def age(seconds: float) -> str:
    """Return a length of time as people say it: « moins d’une seconde », « 12 s », « 3 h 05 min », « 2 j 4 h »."""
    whole = int(seconds)
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if whole < 1:
        return "moins d’une seconde"
    if minutes < 1:
        return f"{whole} s"
    if hours < 1:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60:02} min" if days < 1 else f"{days} j {hours % 24} h"

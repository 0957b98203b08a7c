"""What each problem means and what to do about it, in French: the pages to which the `type` of a problem leads."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Advice(NamedTuple):
    """A problem explained: what it means, then what to do."""

    meaning: str
    remedy: str


ADVICE: Final[Mapping[str, Advice]] = {
    "invalid-input": Advice(
        "Le contenu envoyé ne peut pas être accepté. La liste « errors » donne toutes les erreurs à la fois, "
        "chacune avec l’endroit concerné (« pointer »), un code stable et une phrase.",
        "Corrigez toutes les erreurs de la liste, puis renvoyez la même requête. Rien n’a été enregistré.",
    ),
    "idempotency-key-reused": Advice(
        "L’en-tête « Idempotency-Key » porte une clé qui a déjà servi à une autre requête de votre compte.",
        "Pour répéter la première requête, renvoyez exactement le même contenu. Pour une nouvelle requête, "
        "prenez une nouvelle clé.",
    ),
    "malformed": Advice(
        "La requête ne peut pas être lue : elle ne respecte pas les règles de HTTP ou celles de l’API.",
        "Comparez votre appel avec la description OpenAPI, puis renvoyez-le corrigé.",
    ),
    "unauthenticated": Advice(
        "Cet appel demande de savoir qui vous êtes : aucun jeton valable n’a été présenté et aucune session n’est "
        "ouverte, ou bien l’adresse, le mot de passe ou le code n’est pas le bon.",
        "Dans un navigateur, ouvrez une session. Pour un logiciel, envoyez l’en-tête « Authorization: Bearer … » avec "
        "un jeton créé dans votre espace. Un mot de passe perdu se remplace par un courriel.",
    ),
    "forbidden": Advice(
        "Vous êtes connu, mais cette action ne vous est pas permise : votre compte n’a pas le rôle qu’elle demande, "
        "aucune délégation de signature en vigueur ne la permet, votre jeton ne permet que de lire, ou l’appel ne "
        "vient pas d’une page de ce site.",
        "Employez le compte qui convient : celui de l’employeur pour déposer ou compléter une demande, celui "
        "d’un agent pour l’instruire. Un signataire demande sa délégation à son chef d’unité.",
    ),
    "not-found": Advice(
        "Rien ne porte cette adresse ou cette référence parmi ce que vous pouvez consulter. La réponse est la "
        "même pour ce qui n’existe pas et pour ce qui appartient à quelqu’un d’autre.",
        "Vérifiez l’adresse, la référence imprimée sur le récépissé et le compte que vous employez.",
    ),
    "method-not-allowed": Advice(
        "Cette adresse existe, mais pas pour cette méthode HTTP.",
        "L’en-tête « Allow » de la réponse donne les méthodes admises.",
    ),
    "too-large": Advice(
        "Ce qui est envoyé dépasse la taille admise, que la réponse indique.",
        "Réduisez le fichier, par exemple en numérisant avec une résolution plus faible, ou envoyez-le en "
        "plusieurs pièces.",
    ),
    "unsupported-media-type": Advice(
        "Le corps n’est pas dans le format attendu : du JSON pour la plupart des appels, un formulaire pour les "
        "fichiers.",
        "Envoyez « Content-Type: application/json », ou « multipart/form-data » pour un fichier.",
    ),
    "too-many": Advice(
        "Trop de requêtes sont déjà en cours, ou trop d’essais manqués viennent de vous : mot de passe, code, jeton "
        "ou référence.",
        "Attendez la durée que donne l’en-tête « Retry-After », puis renvoyez la même requête avec la même clé "
        "d’idempotence : elle ne comptera qu’une fois.",
    ),
    "unavailable": Advice(
        "Une partie du service ne répond pas en ce moment. Les délais légaux courent toujours, et ce qui a été "
        "accepté auparavant n’est pas perdu.",
        "Attendez la durée que donne l’en-tête « Retry-After », puis renvoyez la même requête avec la même clé "
        "d’idempotence : elle ne comptera qu’une fois.",
    ),
    "internal": Advice(
        "Une erreur que personne n’avait prévue est survenue. Elle est enregistrée, et rien n’a été modifié.",
        "Réessayez une fois. Si l’erreur demeure, signalez à l’exploitant le moment et l’adresse de l’appel, "
        "sans y joindre de données personnelles.",
    ),
    "deadline-passed": Advice(
        "L’instant fixé par le récépissé est passé : le silence gardé vaut acceptation (R. 5122-4). Plus rien ne "
        "peut être décidé, demandé ni abandonné sur cette demande.",
        "Lisez le dossier : il donne l’instant de l’acceptation implicite et l’attestation qui la constate.",
    ),
    "already-decided": Advice(
        "Une décision est déjà enregistrée pour ce dossier, ou celle que vous visez est déjà signée : la première "
        "demeure.",
        "Lisez le dossier pour connaître la décision qui demeure. Tant qu’elle n’est pas signée, l’agent qui l’a "
        "prise peut la reprendre.",
    ),
    "decision-id-reused": Advice(
        "Cet identifiant désigne déjà un autre acte, ou le même avec un autre contenu.",
        "Pour répéter un acte, renvoyez exactement le même contenu. Pour un acte nouveau, choisissez un nouvel "
        "identifiant.",
    ),
    "completion-pending": Advice(
        "Une demande de pièces est en cours : on ne peut ni en ouvrir une autre, ni autoriser avant la réponse.",
        "Attendez les pièces, ou annulez la demande de pièces, puis recommencez.",
    ),
    "nothing-pending": Advice(
        "Aucune demande de pièces n’est en cours pour ce dossier : elle a déjà reçu réponse, elle a été annulée, "
        "ou elle n’a pas encore été notifiée.",
        "Lisez le dossier : « pending_completion » dit ce qui est attendu.",
    ),
    "overlapping-grant": Advice(
        "Une autorisation expresse du même établissement et du même motif couvre déjà une partie de cette période.",
        "Autorisez une période qui ne la recouvre pas, ou refusez en le motivant.",
    ),
    "case-open": Advice(
        "Ce dossier n’est pas clos : son historique ne peut pas encore être effacé.",
        "Attendez que le dossier soit clos, puis recommencez.",
    ),
    "draft-ended": Advice(
        "Ce brouillon a déjà été déposé, ou son délai de dépôt est passé : il ne peut plus changer.",
        "Lisez le brouillon : s’il a été déposé, il donne la référence de la demande. Sinon, ouvrez-en un nouveau.",
    ),
    "requests-exhausted": Advice(
        "Cet établissement a déjà déposé autant de demandes que sa numérotation en permet.",
        "Signalez-le au service chargé de vos dossiers.",
    ),
    "opinion-not-awaited": Advice(
        "Aucun avis du comité social et économique n’est attendu pour ce dossier : il a été joint, il n’était pas "
        "dû, ou il a déjà été reçu.",
        "Lisez le dossier : « opinion_due_on » dit si un avis est attendu, et jusqu’à quand.",
    ),
    "not-parked": Advice(
        "Cet incident est déjà clos : le dossier a repris.",
        "Relisez la liste des incidents ; il n’y a rien d’autre à faire.",
    ),
    "last-contact": Advice(
        "Cette personne est le dernier interlocuteur principal de l’établissement : sans elle, plus personne ne "
        "pourrait y inviter ni en retirer.",
        "Invitez d’abord un autre interlocuteur principal ; une fois l’invitation acceptée, recommencez.",
    ),
    "already-protected": Advice(
        "Votre compte demande déjà un code à usage unique à chaque ouverture de session.",
        "Pour changer d’application, cessez d’abord de demander des codes, puis recommencez.",
    ),
    "act-waiting": Advice(
        "Le même acte exceptionnel a déjà été demandé et attend qu’un autre exploitant l’approuve.",
        "Lisez la liste des actes exceptionnels ; un autre que celui qui l’a demandé peut l’approuver.",
    ),
    "act-ended": Advice(
        "Cet acte exceptionnel a déjà été approuvé, et fait, ou refusé.",
        "S’il a été refusé et reste nécessaire, demandez-le de nouveau avec sa raison.",
    ),
    "four-eyes": Advice(
        "Un acte exceptionnel se fait à deux : celui qui le demande ne l’approuve pas.",
        "Demandez à un autre exploitant de l’approuver.",
    ),
    "identity-taken": Advice(
        "Le fournisseur d’identité connaît déjà un autre compte sous cet identifiant.",
        "Vérifiez l’identifiant. Si la personne a changé d’unité, faites changer ses départements.",
    ),
    "sign-in-failed": Advice(
        "La réponse du fournisseur d’identité ne permet pas d’ouvrir une session : elle a déjà servi, elle a expiré, "
        "elle n’est pas destinée à ce service, ou personne n’est connu ici sous cette identité.",
        "Recommencez la connexion. Si elle échoue encore, demandez à votre chef d’unité si votre compte est ouvert.",
    ),
}
"""Slug of a problem → its page, for every slug of `starter.http.problems.TITLES`."""

"""What each problem means and what to do about it, in French: the pages to which the `type` of a problem leads."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from starter.pages.public.agency_problems import AGENCY


class Advice(NamedTuple):
    """A problem explained: what it means, then what to do."""

    meaning: str
    remedy: str


ADVICE: Final[Mapping[str, Advice]] = {
    **{slug: Advice(*said) for slug, said in AGENCY.items()},
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
    "too-slow": Advice(
        "L’envoi n’est pas arrivé en entier à temps : la connexion était trop lente, ou elle s’est interrompue.",
        "Renvoyez-le, au besoin depuis une meilleure connexion ou en plusieurs fichiers plus petits. Rien n’a été "
        "enregistré.",
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
        "Trop de requêtes sont déjà en cours, ou trop de tentatives manquées viennent de vous : mot de passe, code, "
        "jeton ou référence.",
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
    "not-authorized": Advice(
        "Ce dossier n’a pas d’autorisation en vigueur : sa demande est à l’étude, refusée ou abandonnée.",
        "Lisez le dossier. Tant qu’une demande est à l’étude, désistez-vous pour en déposer une autre.",
    ),
    "amendment-pending": Advice(
        "Un avenant de cette autorisation est déjà à l’étude : deux à la fois ne diraient pas ce qu’ils changent.",
        "Attendez son issue, ou désistez-vous de cet avenant (« amendments » donne sa référence).",
    ),
    "amendments-exhausted": Advice(
        "Une autorisation a deux chiffres pour numéroter ses avenants, et tous ont servi.",
        "Déposez une nouvelle demande d’autorisation pour ce qui reste à demander.",
    ),
    "nothing-held": Advice(
        "Aucun motif qu’un agent puisse lever ne suspend la transmission de ce dossier à l’ASP.",
        "Lisez le dossier : « hand_over_held_for » dit ce qui la suspend encore.",
    ),
    "already-proven": Advice(
        "L’habilitation de ce compte pour cet établissement est déjà prouvée : il n’y a plus rien à prouver.",
        "Poursuivez : ce qui n’attendait que cette preuve est transmis à l’ASP.",
    ),
    "several-accounts": Advice(
        "Plusieurs comptes attendent que leur habilitation pour cet établissement soit validée.",
        "Nommez celui que vous validez (« account », ou une demande qu’il a déposée : « request »).",
    ),
    "several-establishments": Advice(
        "Ce compte agit pour plusieurs établissements : l’acte doit dire lequel.",
        "Précisez-le (« siret ») : le compte n’est écarté que de celui-là.",
    ),
    "letter-waiting": Advice(
        "Une lettre qui porte un code a déjà été demandée pour cet établissement : une seule part par quinzaine.",
        "Attendez-la à l’adresse que donne le répertoire des établissements. Sinon, passez par un agent.",
    ),
    "letter-printed": Advice(
        "Cette lettre a déjà été remise à l’impression, ou elle ne vaut plus.",
        "Pour l’imprimer de nouveau, dites pourquoi (« reason ») : le code de la première ne vaudra plus rien.",
    ),
    "letter-impossible": Advice(
        "Le répertoire des établissements ne donne pas d’adresse, ou ce service n’écrit pas de lettres.",
        "Demandez à un agent du service de votre département de valider votre habilitation.",
    ),
    "hand-over-blocked": Advice(
        "Ce qui suspend la transmission n’est pas levé : le nom du titulaire du compte est illisible, les données du "
        "dossier ne sont plus celles de ses événements, ou qui l’a déposé a été écarté de l’établissement.",
        "Donnez le nom du titulaire (« holder »), faites rétablir les données par un exploitant, ou attendez que la "
        "personne écartée soit habilitée de nouveau.",
    ),
    "overlapping-request": Advice(
        "Une autre demande du même établissement, en cours ou accordée, couvre déjà des jours de cette période.",
        "Si la vôtre concerne d’autres salariés, dites-le (« other_employees »). Sinon, changez la période, ou "
        "désistez-vous de la première demande.",
    ),
    "case-closed": Advice(
        "Ce dossier est clos : plus rien n’y est attendu, et aucun message ne peut y être envoyé.",
        "Les documents du dossier restent lisibles. Pour une autre question, écrivez au service qui l’a instruit.",
    ),
    "case-open": Advice(
        "Ce dossier n’est pas clos : son historique ne peut pas encore être effacé.",
        "Attendez que le dossier soit clos, puis recommencez.",
    ),
    "draft-ended": Advice(
        "Ce brouillon a déjà été déposé, ou son délai de dépôt est passé : il ne peut plus changer.",
        "Lisez le brouillon : s’il a été déposé, il donne la référence de la demande. Sinon, ouvrez-en un nouveau.",
    ),
    "opinion-not-awaited": Advice(
        "Aucun avis du comité social et économique n’est attendu pour ce dossier : il a été joint, il n’était pas "
        "dû, ou il a déjà été reçu.",
        "Lisez le dossier : « opinion_due_on » dit si un avis est attendu, et jusqu’à quand.",
    ),
    "opinion-not-missing": Advice(
        "Aucun avis du comité social et économique ne retient l’indemnisation de ce dossier : son dernier jour n’est "
        "pas passé, il est reçu, ou un agent a déjà levé son attente.",
        "Lisez le dossier : « opinion_missing » dit si un avis manque, « opinion_due_on » son dernier jour.",
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
    "own-offer": Advice(
        "Cette invitation ou ce mandat a été donné par la personne qui veut l’accepter.",
        "Donnez-le à l’adresse d’une autre personne, qui l’acceptera avec son propre mot de passe.",
    ),
    "other-party": Advice(
        "Votre compte agit déjà pour cet établissement avec d’autres personnes que celle qui vous invite, et aucune "
        "n’a prouvé son habilitation : ce que vous déposeriez serait vu de personnes qui ne se connaissent pas.",
        "Si la personne qui vous invite est la bonne, quittez d’abord les autres, ou attendez qu’elle ait prouvé son "
        "habilitation ; le code reste valable jusqu’à son terme. Un mandat, lui, peut être accepté à tout moment.",
    ),
    "already-protected": Advice(
        "Votre compte demande déjà un code à usage unique à chaque ouverture de session.",
        "Pour changer d’application, désactivez d’abord les codes à usage unique, puis recommencez.",
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
    "already-handed": Advice(
        "Cette demande d’indemnisation est partie, ou sur le point de partir, vers l’agence de services et de "
        "paiement : elle ne se corrige ni ne s’annule plus.",
        "Attendez la réponse de l’agence. Rejetée, la demande se dépose de nouveau, jusqu’au dernier jour pour "
        "demander.",
    ),
    "claim-settled": Advice(
        "La demande d’indemnisation est déjà refusée, rejetée, remplacée ou annulée, ou un agent s’est déjà prononcé.",
        "Relisez-la : son état et son histoire disent ce qui est en vigueur et ce qui peut encore être fait.",
    ),
    "claim-stands": Advice(
        "Une version de la demande de ce mois et de cette partie est déjà en cours ; ou celle que nomme « replaces » "
        "est d’un autre mois ou d’une autre partie.",
        "Pour corriger la version en cours, nommez-la dans « replaces ». Pour une autre paie du même mois, donnez un "
        "autre numéro de partie.",
    ),
    "employees-exceeded": Advice(
        "Avec ses autres parties, la demande du mois compte plus de salariés que l’autorisation n’en prévoit.",
        "Vérifiez les salariés de chaque partie. Si l’autorisation ne suffit pas, demandez un avenant.",
    ),
    "forfeited": Advice(
        "Les heures de cette autorisation ne peuvent plus être demandées : le délai de l’article L. 5122-1 est passé.",
        "Ce qui a été demandé à temps peut encore être corrigé après un rejet ou un refus, ou sous certains "
        "aménagements du temps de travail : la réponse le dit quand c’est le cas.",
    ),
    "hours-exceeded": Advice(
        "La demande porte sur plus d’heures que l’autorisation n’en laisse ; la réponse dit combien il en reste.",
        "Réduisez la demande, annulez une demande en trop, ou demandez un avenant à l’autorisation.",
    ),
    "outside-period": Advice(
        "Le mois ou des semaines de la demande sont hors de la période autorisée.",
        "Vérifiez le mois et les semaines du fichier, et la période accordée, qui peut différer de celle demandée.",
    ),
    "people-erased": Advice(
        "Les données des salariés de cette demande ont été effacées, comme le prévoit l’article R. 5122-24.",
        "Rien ne permet de les retrouver. Les chiffres et les documents signés restent lisibles.",
    ),
    "quota-exceeded": Advice(
        "Avec les autres demandes de l’établissement, des salariés dépassent leur contingent annuel ou la "
        "durée hebdomadaire indemnisable. La réponse donne leurs lignes.",
        "Corrigez ces lignes, ou demandez au service une décision de dépassement du contingent (R. 5122-6).",
    ),
    "too-many-profiles": Advice(
        "Les colonnes de ce fichier ont été indiquées trop de fois.",
        "Envoyez le fichier de nouveau, avec des en-têtes qui sont reconnus.",
    ),
    "upload-being-read": Advice(
        "Un fichier de cet établissement est déjà en cours de lecture.",
        "Attendez qu’il soit lu : son adresse dit où en est la lecture. Envoyez ensuite le suivant.",
    ),
    "upload-ended": Advice(
        "Ce fichier a été déposé ou effacé : ses lignes ne sont plus conservées.",
        "Lisez la demande d’indemnisation qui en est née, ou envoyez le fichier de nouveau.",
    ),
    "upload-not-read": Advice(
        "Ce fichier n’est pas lu, des erreurs y demeurent, ou il ne donne aucune heure chômée par semaine (une DSN "
        "n’en donne pas) : il ne peut pas être déposé.",
        "Attendez la fin de la lecture. S’il y a des erreurs, corrigez-les, puis envoyez le fichier de nouveau. S’il "
        "manque des heures, envoyez un fichier qui les donne, ou saisissez-les.",
    ),
}
"""Slug of a problem → its page, for every slug of `starter.http.problems.TITLES`."""

"""Authority over an establishment: proven by the code of a letter, or validated by an agent."""

from collections.abc import Sequence
from typing import NamedTuple

from models.bodies.authority import ProofBody, ValidationBody
from models.errors import Conflict, Unknown
from models.identifiers import Message
from models.labels import Proof
from models.letter_codes import digest, is_well_typed
from models.store.cases import authority_holds
from models.store.journal import representation
from models.store.journal.idempotency import digest as body_digest
from models.store.people import access_log, accounts, authorities, code_mails, letters, parties, postal_addresses
from models.store.people.accounts import Account, Establishment
from models.store.people.letters import LetterRecord
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import InvalidRequest, fault
from starter.http.request_body import Submission
from starter.services.establishments import require_linked


class AuthorityState(Message):
    """Whether an account may speak for an establishment, and how it may prove it."""

    siret: str
    authority: str
    """`proven` or `unproven`."""


class ProofReading(NamedTuple):
    """An establishment, and what its page says of the reader's authority."""

    reader: Account
    establishment: Establishment
    proven: bool
    letter: LetterRecord | None
    letter_possible: bool
    letter_now: bool
    """Whether the interval between two letters has passed."""
    provider_possible: bool


def read(context: Context, credential: PresentedCredential, siret: str) -> ProofReading:
    """Return the state of the caller's authority, and which ways are open; raises `Unknown`."""
    with context.admit(credential, Verb.READ_MEMBERS) as caller:
        require_linked(caller, siret)
        db, account_id = caller.connection, caller.account.id
        return ProofReading(
            reader=caller.account,
            establishment=accounts.get_establishment(db, siret),
            proven=authorities.is_proven(db, account_id, siret),
            letter=letters.find_living(db, siret, account_id),
            letter_now=letters.may_request(db, siret, account_id),
            letter_possible=context.settings.letters is not None and postal_addresses.find(db, siret) is not None,
            provider_possible=bool(context.settings.firms_issuer),
        )


def request_letter(
    context: Context, credential: PresentedCredential, siret: str, key: str | None = None
) -> LetterRecord:
    """Ask for a letter to the establishment's address, once for a key; raises `Unknown`, `Conflict`."""
    with context.admit(credential, Verb.ASK_PROOF) as caller:
        require_linked(caller, siret)

        def request() -> str:
            _require_unproven(caller, siret)
            if context.settings.letters is None:
                detail = "Aucune lettre n’est envoyée ici : demandez la validation d’un agent."
                raise Conflict("letter-impossible", detail)
            return letters.request(caller.connection, siret, caller.account.id).id

        return letters.get(caller.connection, caller.once(key, body_digest(["letters", siret]), request))


def prove(
    context: Context, credential: PresentedCredential, siret: str, submission: Submission[ProofBody]
) -> AuthorityState:
    """Use the code of a letter; raises `Unknown`, `Conflict`, `InvalidRequest`.

    A wrong code is counted in a transaction of its own, so the refusal comes after it.
    """
    with context.admit(credential, Verb.PROVE_AUTHORITY) as caller:
        require_linked(caller, siret)
        _require_unproven(caller, siret)
        body = submission.read()
        if not is_well_typed(body.code):
            message = "Ce code comporte une faute de frappe : comparez-le à la lettre."
            raise fault("/code", "code-mistyped", message)
        answer = _redeem(context, caller, siret, body.code)
    if answer != "good":
        raise fault("/code", "code-refused", _REFUSED[answer])
    return AuthorityState(siret=siret, authority="proven")


_REFUSED = {
    "wrong": "Ce code n’est pas celui de la lettre.",
    "dead": "Ce code n’est pas celui de la lettre ; après cinq codes faux, elle ne vaut plus rien.",
    "none": "Aucune lettre n’attend de code : elle a servi, a expiré ou n’a pas été demandée.",
}
"""Answer of the register to a code → the sentence. The caller asked for the letter: nothing is revealed."""


def _redeem(context: Context, caller: Caller, siret: str, code: str) -> letters.Redemption:
    db, account_id = caller.connection, caller.account.id
    authorities.hold(db, siret)
    letter = letters.find_living(db, siret, account_id)
    if letter is None:
        return "none"
    code_digest = digest(context.master, letter.id, code)
    answer = letters.redeem(db, letter.id, code_digest)
    if answer == "good":
        evidence = code_digest.hex()
        authority_holds.prove(db, siret, account_id, Proof.LETTER, caller.actor, evidence=evidence)
    return answer


def validate(
    context: Context, credential: PresentedCredential, siret: str, submission: Submission[ValidationBody]
) -> AuthorityState:
    """Validate the authority of an account, once for a key, as an agent of the establishment's département.

    Raises `Unknown`, `NotAllowed` without a delegation to grant, `InvalidRequest` when whoever is named does not wait
    here, and `Conflict` when it is proven, or when several accounts wait and none is named.
    """
    with context.admit(credential, Verb.VALIDATE_AUTHORITY) as caller:
        establishment = accounts.find_establishment(caller.connection, siret)
        stated = parties.list_departments(caller.connection, siret)
        if establishment is None or not any(map(caller.covers, (establishment.department, *stated))):
            raise Unknown(siret)

        def validated() -> str:
            body = submission.read()
            account_id = _chosen(context, caller, siret, body)
            code_mails.notify(caller.connection, account_id, "authority_validated", f"validated-{siret}", siret=siret)
            if not authority_holds.validate(caller.connection, siret, account_id, caller.actor, body.reason):
                raise _already_proven()
            return account_id

        caller.once(submission.key, submission.digest if submission.key else b"", validated)
    return AuthorityState(siret=siret, authority="proven")


def _chosen(context: Context, caller: Caller, siret: str, body: ValidationBody) -> str:
    """Return the account to validate: the one named, by itself or by a request that it filed, or the only one."""
    db, named = caller.connection, _named(caller, siret, body)
    waiting = {each.id: each for each in authorities.list_unproven(db, siret)}
    if named and named not in waiting:
        if representation.belongs(db, named, siret):
            raise _already_proven()
        raise _no_such_account("/request" if body.request else "/account", "Ce compte n’attend rien ici.")
    if not named and len(waiting) > 1:
        raise _several(context, caller, siret, list(waiting.values()))
    if not waiting:
        raise _already_proven()
    return named or next(iter(waiting))


def _named(caller: Caller, siret: str, body: ValidationBody) -> str:
    """Return the account that is named, or an empty text if none is: a name that leads nowhere is never none at all.

    Raises `Unknown` for a request out of the caller's reach.
    """
    if body.request is None:
        return body.account or ""
    case = caller.request(body.request)
    if case.siret != siret:
        raise _no_such_account("/request", "Cette demande ne concerne pas cet établissement.")
    if body.account not in (None, case.account_id):
        raise _no_such_account("/account", "Ce compte n’a pas déposé la demande nommée : indiquez l’un ou l’autre.")
    return case.account_id


def _no_such_account(pointer: str, message: str) -> InvalidRequest:
    return fault(pointer, "account-unknown", message)


def _several(context: Context, caller: Caller, siret: str, waiting: Sequence[Account]) -> Conflict:
    """Return the conflict that names those who wait, once this reading is logged: the refusal undoes the call's own."""
    verb = caller.verb.name.lower()
    with context.database.begin() as connection:
        access_log.append(connection, "nominal_data_read", caller.account, verb=verb, about=siret)
    listed = "; ".join(f"{each.name} ({each.email}) : {each.id}" for each in waiting)
    return Conflict("several-accounts", f"Précisez `account`. Comptes en attente : {listed}.")


def _require_unproven(caller: Caller, siret: str) -> None:
    if authorities.is_proven(caller.connection, caller.account.id, siret):
        raise _already_proven()


def _already_proven() -> Conflict:
    return Conflict("already-proven", "L’habilitation est déjà prouvée : il n’y a rien à faire.")

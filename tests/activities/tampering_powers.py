"""What whoever owns the tables can do to what gives people power, with an event that names them to cover it."""

from tests.activities.tampering import RECHAIN, Crime

_SILENCED = (
    "CREATE OR REPLACE FUNCTION event_facts(event_subject text, event_data jsonb) RETURNS jsonb"
    " LANGUAGE plpgsql AS $$ BEGIN RETURN '{{}}'; END $$"
)


def _naming(kind: str, table: str, key: str = "account", column: str = "id") -> str:
    return (
        f"SELECT append_event('access:2026-11-01', '{kind}', now(), now(), 'agent', NULL,"
        f" jsonb_build_object('{key}', {column})) FROM {table}"
    )


def _today(kind: str, role: str, who: str, chain: str = "") -> str:
    """Append an event to today's chain, as a program would, about an account."""
    where = chain or "'access:' || (now() AT TIME ZONE 'Europe/Paris')::date"
    return (
        f"SELECT append_event({where}, '{kind}', now(), now(), '{role}', {who},"
        " jsonb_build_object('account', id, 'siret', (SELECT min(siret) FROM establishment))) FROM account"
    )


A_TOKEN = "INSERT INTO token (digest, account_id, scope) SELECT 'x', id, 'read' FROM account LIMIT 1"
A_DELEGATION = (
    "INSERT INTO delegation (account_id, outcomes, departments, from_on, certificate, act)"
    " SELECT id, '{{grant}}', '{{034}}', '2026-01-01', 'x', 'x' FROM account LIMIT 1"
)
POWER_CRIMES = {
    "a role before a leave of its account": Crime(
        ("UPDATE account SET role = 'operator'", _naming("leave_written", "account")), "access:", None, "le rôle"
    ),
    "a role, stated again as it stands": Crime(
        ("UPDATE account SET role = 'operator'", _today("account_stated", "system", "NULL")), "access:", None, "le rôle"
    ),
    "a role, under an event of nobody": Crime(
        ("UPDATE account SET role = 'operator'", _today("account_changed", "system", "NULL")),
        "access:",
        None,
        "ne peut avoir cet auteur",
    ),
    "a role, under an event of another day": Crime(
        ("UPDATE account SET role = 'operator'", _today("account_changed", "head", "id", "'access:2026-01-01'")),
        "access:2026-01-01",
        1,
        "n’est pas de ce jour",
    ),
    "an event of no known type": Crime(
        (_today("account_amended", "head", "id"),), "access:", None, "n’est le type d’aucun événement"
    ),
    "an authority, under an event of its establishment": Crime(
        (_today("authority_changed", "system", "NULL", "(SELECT min(siret) FROM establishment)"),),
        "",
        None,
        "n’est le type d’aucun événement d’un établissement",
    ),
    "départements before a delegation of their account ends": Crime(
        ("UPDATE account SET departments = '{{974}}'", _naming("delegation_revoked", "account")),
        "access:",
        None,
        "les départements",
    ),
    "a token before an act about it": Crime(
        (
            A_TOKEN,
            _naming("token_issued", "token", "token"),
            "UPDATE token SET scope = 'write'",
            _naming("account_changed", "token", "about"),
        ),
        "access:",
        None,
        "un jeton",
    ),
    "a delegation before a leave": Crime(
        (
            A_DELEGATION,
            _naming("delegation_given", "delegation", "delegation"),
            "UPDATE delegation SET departments = '{{974}}'",
            _naming("leave_cancelled", "delegation", "about"),
        ),
        "access:",
        None,
        "une délégation",
    ),
    "a delegation before its own end": Crime(
        (
            A_DELEGATION,
            _naming("delegation_given", "delegation", "delegation"),
            "UPDATE delegation SET departments = '{{974}}'",
            _naming("delegation_revoked", "delegation", "delegation"),
        ),
        "access:",
        None,
        "ce que donne un jeton, une délégation ou une instruction",
    ),
    "the account of a token before its end": Crime(
        (
            A_TOKEN,
            _naming("token_issued", "token", "token"),
            "UPDATE token SET account_id = (SELECT id FROM account WHERE id <> account_id LIMIT 1)",
            _naming("token_revoked", "token", "token"),
        ),
        "access:",
        None,
        "ce que donne un jeton, une délégation ou une instruction",
    ),
    "a member whom a proven one invited": Crime(
        (
            "INSERT INTO account_establishment (account_id, siret, invited_by) SELECT a.id, r.siret, r.account_id"
            " FROM account a, request r WHERE a.role <> 'employer' AND r.reference = '{filed}' LIMIT 1",
            _naming("members_changed", "request WHERE reference = '{filed}'", "account", "account_id"),
        ),
        "access:",
        None,
        "les appartenances ou les mandats",
    ),
    "an inviter": Crime(
        ("UPDATE account_establishment SET invited_by = account_id",),
        "access:",
        None,
        "les appartenances ou les mandats",
    ),
    "a mandate": Crime(
        (
            "INSERT INTO mandate (siret, account_id, name, email, starts_on, ends_on, given_by, party, accepted_at)"
            " SELECT siret, account_id, 'x', 'x', '2026-01-01', '2099-01-01', account_id, uuidv7(), now()"
            " FROM request LIMIT 1",
        ),
        "access:",
        None,
        "les appartenances ou les mandats",
    ),
    "a party": Crime(("UPDATE party SET party = uuidv7()",), "access:", None, "les appartenances ou les mandats"),
    "a password of somebody else": Crime(
        (
            "INSERT INTO credential (account_id, login, password_hash) SELECT id, 'x', 'x' FROM account LIMIT 1",
            _naming("account_changed", "account"),
        ),
        "access:",
        None,
        "les moyens de connexion",
    ),
    "an identity at the provider": Crime(
        ("INSERT INTO identity (issuer, subject, account_id) SELECT 'x', 'x', id FROM account LIMIT 1",),
        "access:",
        None,
        "les moyens de connexion",
    ),
    "a passkey": Crime(
        (
            "INSERT INTO passkey (credential, account_id, public_key, sign_count, label)"
            " SELECT 'x', id, 'x', 0, 'x' FROM account LIMIT 1",
        ),
        "access:",
        None,
        "les moyens de connexion",
    ),
    "the party that a request was filed for": Crime(
        (
            "UPDATE request SET party = uuidv7() WHERE reference = '{granted}'",
            "SELECT append_event('{granted}', 'reminder_sent', now(), now(), 'system', NULL, '{{}}')",
        ),
        "{granted}",
        1,
        "la partie pour qui",
    ),
    "the party of a decision": Crime(
        ("UPDATE decision SET party = uuidv7() WHERE reference = '{granted}'",), "{granted}", 3, "la partie à qui"
    ),
    "an event of a case that states nothing": Crime(
        (
            _SILENCED,
            "UPDATE request SET hours = 99999 WHERE reference = '{filed}'",
            "SELECT append_event('{filed}', 'reminder_sent', now(), now(), 'system', NULL, '{{}}')",
        ),
        "{filed}",
        2,
        "ne dit rien des lignes",
    ),
    "a case of which no event states anything": Crime(
        ("UPDATE event SET facts = '{{}}' WHERE subject = '{filed}'", RECHAIN),
        "{filed}",
        1,
        "ne dit rien des lignes",
    ),
}

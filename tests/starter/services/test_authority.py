"""The authority over an establishment, from the doors: by letter, by an agent; and by nothing else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.errors import Conflict
from models.labels import Proof
from models.letter_codes import digest, new_code
from models.settings import Settings
from models.store.cases import authority_holds
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.people import accounts, authorities, letters
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import master_key
from tests.starter.conftest import a_setting, one_register
from tests.starter.letters import age, draw, know_address, known_code
from tests.starter.people import Door, Person, accesses, knocking, readings, sign_in, with_password

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, letters=tmp_path / "letters")


@pytest.fixture
async def newcomer(door: Door, database: Database) -> Person:
    """Somebody who activated an enrolment, signed in, and has proven nothing; the firm's address is known."""
    person = with_password(database, employer(database, proven=False))
    assert (await sign_in(door(), person)).status_code == 200
    know_address(database, person.who.siret)
    return person


async def state(door: Door, who: Person) -> str:
    account = (await knocking(door(), who).get("/account")).json()
    return str(account["establishments"][0]["authority"])


async def printed(door: Door, database: Database, who: Person, operator: Credentials, folder: Path) -> tuple[str, str]:
    """A letter that was asked for and printed: its id, and a code of it."""
    siret = who.who.siret
    answer = await knocking(door(), who).post(f"/establishments/{siret}/letters")
    assert answer.status_code == 201, answer.text
    listed = (await door(operator).get("/letters")).json()["items"]
    [letter] = [each["id"] for each in listed if each["siret"] == siret]
    assert (await door(operator).post(f"/letters/{letter}/printing", json={})).status_code == 202
    assert draw(database, folder / "letters", letter)
    return letter, known_code(database, letter)


async def use(door: Door, who: Person, code: str, siret: str = "") -> tuple[int, str]:
    """Use a code; status and slug or code of the answer."""
    path = f"/establishments/{siret or who.who.siret}/proof"
    answer = await knocking(door(), who).post(path, json={"code": code})
    body = answer.json()
    return answer.status_code, body["errors"][0]["code"] if body.get("errors") else body.get("type", "")


async def test_the_code_of_the_letter_proves_once(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    assert await state(door, newcomer) == "unproven"
    _, code = await printed(door, database, newcomer, operator, tmp_path)
    assert await use(door, newcomer, f" {code.lower().replace('-', ' ')}") == (200, "")
    assert await state(door, newcomer) == "proven"
    assert await use(door, newcomer, code) == (409, "/problems/already-proven")
    assert newcomer.who.account_id in accesses(database, "authority_proven")


async def test_five_wrong_codes_kill_the_letter(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    _, code = await printed(door, database, newcomer, operator, tmp_path)
    assert await use(door, newcomer, code[:-1] + ("A" if code[-1] != "A" else "B")) == (422, "code-mistyped")
    for _ in range(5):
        assert await use(door, newcomer, new_code()) == (422, "code-refused")
    assert await use(door, newcomer, code) == (422, "code-refused")
    assert await state(door, newcomer) == "unproven"
    again = await knocking(door(), newcomer).post(f"/establishments/{newcomer.who.siret}/letters")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/letter-waiting")


async def test_an_expired_letter_is_refused_and_another_may_be_asked_for(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    letter, code = await printed(door, database, newcomer, operator, tmp_path)
    age(database, letter, 31)
    assert await use(door, newcomer, code) == (422, "code-refused")
    path, key = f"/establishments/{newcomer.who.siret}/letters", {"Idempotency-Key": "letter"}
    again = [await knocking(door(), newcomer).post(path, headers=key) for _ in range(2)]
    assert [each.status_code for each in again] == [201, 201]
    assert again[0].json() == again[1].json()


async def test_an_expired_letter_is_printed_no_more(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    letter, _ = await printed(door, database, newcomer, operator, tmp_path)
    again = {"reason": "bourrage papier"}
    assert (await door(operator).post(f"/letters/{letter}/printing", json=again)).status_code == 202
    age(database, letter, 31)
    assert not draw(database, tmp_path / "letters", letter), "the code ended before it was drawn"
    assert (await door(operator).post(f"/letters/{letter}/printing", json=again)).status_code == 404


async def test_letters_to_print_come_in_pages(door: Door, database: Database, operator: Credentials) -> None:
    for _ in range(3):
        who = employer(database, proven=False)
        know_address(database, who.siret)
        with database.begin() as connection:
            letters.request(connection, who.siret, who.account_id)
    client, seen, after = door(operator), list[str](), ""
    whole = [each["id"] for each in (await client.get("/letters?limit=200")).json()["items"]]
    while after is not None:
        page = (await client.get(f"/letters?limit=2&cursor={after}")).json()
        assert len(page["items"]) <= 2
        seen, after = seen + [each["id"] for each in page["items"]], page["next"]
    assert (seen == whole, len(whole) >= 3) == (True, True)
    assert (await client.get("/letters?limit=201")).status_code == 422


async def test_strangers_share_one_letter_a_fortnight_once_the_firm_is_proven(
    door: Door, database: Database, newcomer: Person
) -> None:
    siret = newcomer.who.siret
    with database.begin() as connection:
        establishment = accounts.get_establishment(connection, siret)
        strangers = [accounts.create(connection, "employer", "Inconnu", f"{n}@ailleurs.invalid") for n in range(4)]
        for each in strangers:
            accounts.enrol(connection, each, establishment, apart=True)
        letters.request(connection, siret, strangers[0])
        letters.request(connection, siret, strangers[1])
    assert (await knocking(door(), newcomer).post(f"/establishments/{siret}/letters")).status_code == 201
    with database.begin() as connection:
        authorities.record(connection, siret, newcomer.who.account_id, Proof.TRIAL)
        with pytest.raises(Conflict):
            letters.request(connection, siret, strangers[2])
        connection.execute(text("UPDATE letter SET requested_at = requested_at - interval '15 days'"))
        letters.request(connection, siret, strangers[2])
        with pytest.raises(Conflict):
            letters.request(connection, siret, strangers[3])


async def test_a_second_letter_within_a_fortnight_is_refused_and_afterwards_replaces_the_first(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    letter, code = await printed(door, database, newcomer, operator, tmp_path)
    client, path = knocking(door(), newcomer), f"/establishments/{newcomer.who.siret}/letters"
    assert (await client.post(path)).status_code == 409
    age(database, letter, 15)
    assert (await client.post(path)).status_code == 201
    assert await use(door, newcomer, code) == (422, "code-refused")


async def test_a_code_is_of_one_account_and_one_establishment(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    other = with_password(database, employer(database, proven=False))
    await sign_in(door(), other)
    know_address(database, other.who.siret)
    _, code = await printed(door, database, newcomer, operator, tmp_path)
    await printed(door, database, other, operator, tmp_path)
    assert await use(door, other, code) == (422, "code-refused")
    assert (await use(door, other, code, newcomer.who.siret))[0] == 404
    assert await use(door, newcomer, code) == (200, "")


@pytest.mark.parametrize(
    "changes", [{"state": "ceased"}, {"address": None}, {"head_office": False, "head_office_siret": None}]
)
async def test_without_a_known_address_no_letter_goes(
    door: Door, database: Database, newcomer: Person, changes: dict[str, object]
) -> None:
    know_address(database, newcomer.who.siret, **changes)
    answer = await knocking(door(), newcomer).post(f"/establishments/{newcomer.who.siret}/letters")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/letter-impossible")


async def test_two_uses_of_one_code_at_once_prove_once(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    letter, code = await printed(door, database, newcomer, operator, tmp_path)

    def redeem(_: int) -> str:
        with database.begin() as connection:
            return letters.redeem(connection, letter, digest(master_key(), letter, code))

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(redeem, range(4))) == ["good", "none", "none", "none"]


async def test_an_operator_prints_and_can_neither_ask_use_nor_print_for_herself(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    siret = newcomer.who.siret
    for path, body in (
        (f"/establishments/{siret}/proof", {"code": new_code()}),
        (f"/establishments/{siret}/letters", {}),
    ):
        assert (await door(operator).post(path, json=body)).status_code == 403
    assert (await door(operator).post(f"/establishments/{siret}/validation", json={"reason": "moi"})).status_code == 403
    await knocking(door(), newcomer).post(f"/establishments/{siret}/letters")
    with database.begin() as connection:
        accounts.readdress(connection, operator.account_id, newcomer.login)
    [letter] = [each["id"] for each in (await door(operator).get("/letters")).json()["items"] if each["siret"] == siret]
    assert (await door(operator).post(f"/letters/{letter}/printing", json={})).status_code == 403


async def test_printing_again_needs_a_reason_and_ends_the_first_code(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    letter, code = await printed(door, database, newcomer, operator, tmp_path)
    client = door(operator)
    assert (await client.post(f"/letters/{letter}/printing", json={})).status_code == 409
    again = await client.post(f"/letters/{letter}/printing", json={"reason": "bourrage papier"})
    assert again.status_code == 202
    assert await use(door, newcomer, code) == (422, "code-refused")
    assert draw(database, tmp_path / "letters", letter)
    assert await use(door, newcomer, known_code(database, letter)) == (200, "")


async def test_without_a_delegation_to_grant_nobody_validates(door: Door, database: Database, newcomer: Person) -> None:
    signatory, siret = staff(database), newcomer.who.siret
    for outcomes in ("ARRAY['refusal']", "NULL"):
        with database.begin() as connection:
            changed = f"outcomes = {outcomes}" if outcomes != "NULL" else "revoked_at = now()"
            connection.execute(text(f"UPDATE delegation SET {changed} WHERE account_id = '{signatory.account_id}'"))
        body = {"reason": "Extrait d’immatriculation présenté au guichet.", "account": newcomer.who.account_id}
        refused = await door(signatory).post(f"/establishments/{siret}/validation", json=body)
        assert refused.status_code == 403, refused.text
    assert await state(door, newcomer) == "unproven"


async def test_a_signatory_of_the_departement_validates_with_a_reason(
    door: Door, database: Database, newcomer: Person
) -> None:
    siret, body = newcomer.who.siret, {"reason": "Extrait Kbis et pièce d’identité vus au guichet."}
    path = f"/establishments/{siret}/validation"
    assert (await door(staff(database, "instructor")).post(path, json=body)).status_code == 403
    assert (await door(staff(database, "signatory", "75")).post(path, json=body)).status_code == 404
    signatory = door(staff(database, "signatory"))
    assert (await signatory.post(path, json={"reason": "\u200b\u200b\u200b"})).status_code == 422
    assert (await signatory.post(path, json={"reason": "a" * 20})).status_code == 422
    assert (await signatory.post(path, json=body)).json() == {"siret": siret, "authority": "proven"}
    assert await state(door, newcomer) == "proven"
    again = await signatory.post(path, json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-proven")


async def test_when_several_accounts_wait_the_agent_names_one(door: Door, database: Database, newcomer: Person) -> None:
    siret = newcomer.who.siret
    with database.begin() as connection:
        pirate = accounts.create(connection, "employer", "Pirate", "pirate@evil.invalid")
        accounts.enrol(connection, pirate, accounts.get_establishment(connection, siret))
    head = staff(database, "head")
    signatory, path = door(head), f"/establishments/{siret}/validation"
    answer = await signatory.post(path, json={"reason": "vu au guichet"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/several-accounts")
    assert readings(database, head) == [siret]
    assert pirate in answer.json()["detail"]
    reference = (await knocking(door(), newcomer).post("/requests", json=a_filing())).json()["reference"]
    named = await signatory.post(path, json={"reason": "vu au guichet", "request": reference})
    assert named.status_code == 200, named.text
    with database.begin() as connection:
        assert authority_holds.was_filed_with_authority(connection, reference)
    assert await state(door, newcomer) == "proven"


async def test_the_code_of_the_firm_counts_even_if_a_stranger_was_proven_meanwhile(
    door: Door, database: Database, newcomer: Person, operator: Credentials, tmp_path: Path
) -> None:
    siret = newcomer.who.siret
    _, code = await printed(door, database, newcomer, operator, tmp_path)
    with database.begin() as connection:
        pirate = accounts.create(connection, "employer", "Pirate", "pirate@evil.invalid")
        accounts.enrol(connection, pirate, accounts.get_establishment(connection, siret), apart=True)
        authority_holds.prove(connection, siret, pirate, Proof.VALIDATION, SYSTEM)
    assert (await knocking(door(), newcomer).get("/account")).json()["establishments"] == []
    assert await use(door, newcomer, code) == (200, "")
    assert await state(door, newcomer) == "proven"

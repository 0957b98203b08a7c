"""What an employer says of its files has them read otherwise, its own alone."""

from uuid import uuid4

import pytest

from models.claim_files.profile import ImportProfile
from models.claim_labels import UploadState
from models.errors import Conflict
from models.examination.client import Examiner
from models.store.claims.uploads import profiles, reading, receiving
from models.store.database import Database
from tests.models.store.claims.builders import authorize, employer_of
from tests.uploads import (
    A_LINE,
    a_file,
    party_of,
    read,
    receive,
    standing,
    state_profile,
)

NOBODY = Examiner("127.0.0.1:9")


@pytest.fixture
def reference(database: Database) -> str:
    return authorize(database)


def test_what_was_read_with_a_profile_of_another_name_counts_for_nothing(database: Database, reference: str) -> None:
    upload_id = receive(database, reference, a_file())
    read(database, upload_id)
    attempts = []
    for name in ("Paie", "Paie du siège"):
        with database.begin() as connection:
            stated = ImportProfile.model_validate({"name": name})
            profile = state_profile(connection, reference, stated)
            assert reading.read_again(connection, upload_id, profile)
            attempts.append(reading.begin(connection, upload_id))
        if len(attempts) == 1:
            read(database, upload_id)
    with database.begin() as connection:
        assert [reading.is_still_read(connection, each) for each in attempts] == [False, True]


def test_a_profile_has_the_file_read_again_with_it(database: Database, reference: str) -> None:
    renamed = {("Matricule secu" if name == "nir" else name): value for name, value in A_LINE.items()}
    upload_id = receive(database, reference, a_file(renamed | {"Prime": "12"}))
    assert read(database, upload_id).state is UploadState.UNREADABLE
    stated = ImportProfile.model_validate({"name": "Paie", "headers": {"Matricule secu": "nir", "Prime": "ignored"}})
    with database.begin() as connection:
        profile = state_profile(connection, reference, stated)
        reading.read_again(connection, upload_id, profile)
        with pytest.raises(Conflict):
            reading.read_again(connection, upload_id, profile)
    found = read(database, upload_id)
    assert (found.state, found.headers, found.profile_version) == (UploadState.READ, (), 1)
    following = receive(database, reference, a_file(renamed), part=2)
    assert (standing(database, following).profile, standing(database, following).profile_version) == ("Paie", 1)
    with database.begin() as connection:
        assert state_profile(connection, reference, stated).version == 1
        changed = stated.model_copy(update={"modes": {"H": "02"}})
        assert state_profile(connection, reference, changed).version == 2


def test_another_party_says_nothing_of_the_files_of_a_firm_and_holds_none(database: Database, reference: str) -> None:
    account, other = employer_of(database, reference), str(uuid4())
    stated = ImportProfile.model_validate({"name": "Paie", "constants": {"hourly_gross": "45"}})
    with database.begin() as connection:
        profiles.add(connection, account.siret, other, account.account_id, stated)
        assert profiles.find_last(connection, account.siret, party_of(connection, reference)) is None
    upload_id = receive(database, reference, a_file())
    assert standing(database, upload_id).profile is None
    with database.begin() as connection:
        receiving.require_none_being_read(connection, account.siret, other)
        with pytest.raises(Conflict):
            receiving.require_none_being_read(connection, account.siret, party_of(connection, reference))

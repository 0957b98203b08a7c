"""Documents of a case are listed in the order in which they were kept."""

from hashlib import sha256

from models.store.cases import documents, requests
from models.store.database import Database
from tests.cases import file_a_case


def test_documents_of_one_second_are_listed_as_they_were_kept(database: Database) -> None:
    reference, told = file_a_case(database), [f"{number:02}" for number in range(20)]
    with database.begin() as connection:
        at = requests.received_now(connection)
        stated = {"reference": reference, "kind": "receipt", "number": f"{reference}00", "signed_at": at}
        for subject in told:
            content = {"subject": subject, "sha256": sha256(subject.encode()).hexdigest(), "bytes": b"%PDF"}
            documents.store(connection, documents.Sealed.model_validate(stated | content))
        kept = [each.sha256 for each in documents.list_of(connection, reference, published_only=False)]
    assert kept == [sha256(subject.encode()).hexdigest() for subject in told]

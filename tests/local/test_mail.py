"""The mailbox: what it stores, what a person reads, and what it refuses on demand."""

from collections.abc import Iterator
from email.message import EmailMessage
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from aiosmtplib import SMTPDataError, send

from local.mail import received
from local.ports import free_port
from local.programs import Mail


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mail]:
    box = Mail(tmp_path_factory.mktemp("mail"), free_port(), free_port())
    box.start()
    yield box
    box.stop()


def a_message(subject: str = "Récépissé n° 034AQHV02") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "activite-partielle@tacite.invalid"
    message["To"] = "employeur@exemple.invalid"
    message["Message-ID"] = "<receipt.034AQHV02@tacite.invalid>"
    message["Subject"] = subject
    message.set_content("À lire : https://localhost/r/034AQHV02?a=1&b=2. <script>alert()</script>")
    return message


async def deliver(mail: Mail, message: EmailMessage) -> None:
    host, _, port = mail.address.removeprefix("smtp://").partition(":")
    await send(message, hostname=host, port=int(port))


def page(mail: Mail, path: str = "/") -> str:
    with urlopen(mail.url + path) as answer:
        return str(answer.read().decode())


async def test_a_message_is_kept_whole_and_can_be_read(mail: Mail) -> None:
    await deliver(mail, a_message())
    (kept,) = received(mail.folder)
    assert kept["Message-ID"] == "<receipt.034AQHV02@tacite.invalid>"
    (file,) = mail.folder.glob("*.eml")
    assert f'<a href="/{file.stem}">Récépissé n° 034AQHV02</a>' in page(mail)
    shown = page(mail, f"/{file.stem}")
    assert '<html lang="fr">' in shown
    assert '<a href="https://localhost/r/034AQHV02?a=1&amp;b=2">' in shown
    assert "<script>" not in shown


async def test_a_refusal_asked_for_is_temporary_and_keeps_nothing(mail: Mail) -> None:
    before = len(received(mail.folder))
    with mail.fault("refuse"), pytest.raises(SMTPDataError) as refused:
        await deliver(mail, a_message())
    assert refused.value.code == 451
    assert len(received(mail.folder)) == before
    await deliver(mail, a_message("Plus tard"))
    assert received(mail.folder)[-1]["Subject"] == "Plus tard"


async def test_a_greylist_takes_a_message_the_second_time_it_is_offered(mail: Mail) -> None:
    before = len(received(mail.folder))
    message = a_message("Liste grise")
    message.replace_header("Message-ID", "<greylist.034AQHV02@tacite.invalid>")
    with mail.fault("greylist"):
        with pytest.raises(SMTPDataError) as refused:
            await deliver(mail, message)
        assert refused.value.code == 451
        await deliver(mail, message)
    assert len(received(mail.folder)) == before + 1


@pytest.mark.parametrize("path", ["/999", "/..%2f..%2fetc%2fpasswd", "/../mail.log"])
def test_only_messages_can_be_read(mail: Mail, path: str) -> None:
    with pytest.raises(HTTPError) as refused:
        page(mail, path)
    with refused.value as answer:
        assert answer.code == 404

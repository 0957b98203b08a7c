"""Addresses of mail: what every program reads in one way; what is clearly meant is forgiven."""

from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from models.email_address import EmailAddress, email_address, is_sendable, same_login

FORGIVEN = {
    " Jeanne@Exemple.FR ": "Jeanne@Exemple.FR",
    "luc.martin@exemple.fr.": "luc.martin@exemple.fr",
    "luc@exemple.fr ;": "luc@exemple.fr",
    "luc\u200b@\u200eexemple.fr\ufeff": "luc@exemple.fr",
    "luc @ exemple.fr": "luc@exemple.fr",
    "\u00a0luc@exemple.fr\u202f": "luc@exemple.fr",
    "mailto:luc@exemple.fr": "luc@exemple.fr",
    "MAILTO:luc@exemple.fr?subject=bonjour": "luc@exemple.fr",
    "Luc Martin <luc@exemple.fr>": "luc@exemple.fr",
    "« Luc » <mailto:luc@exemple.fr>.": "luc@exemple.fr",
    "<luc@exemple.fr>": "luc@exemple.fr",
    "ｌｕｃ＠ｅｘｅｍｐｌｅ．ｆｒ": "luc@exemple.fr",
    "luc+ap@exemple.fr": "luc+ap@exemple.fr",
    "o'brien@exemple.fr": "o'brien@exemple.fr",
    "luc@écoles.fr": "luc@xn--coles-9ra.fr",
    "luc@xn--coles-9ra.fr": "luc@xn--coles-9ra.fr",
    "luc@XN--COLES-9RA.FR": "luc@XN--COLES-9RA.FR",
    "luc@xn--strae-oqa.de": "luc@xn--strae-oqa.de",
    "luc@xn--e1aybc.xn--p1ai": "luc@xn--e1aybc.xn--p1ai",
    "a" * 64 + "@exemple.fr": "a" * 64 + "@exemple.fr",
    "luc@tacite.invalid": "luc@tacite.invalid",
}
REFUSED = [
    *("=?utf-8?q?a=0a?=@exemple.fr", "=?utf-8?q?dirigeant?=@exemple.fr", "=?utf-8?q?=c3=a9?=@exemple.fr"),
    *("=?utf-8?q?a=40b?=@exemple.fr", "=?UTF-8?B?YQo=?=@exemple.fr", "x=?y?=@exemple.fr", "a@=?utf-8?q?b?=.fr"),
    *(".a@exemple.fr", "a.@exemple.fr", "a..b@exemple.fr", "luc@exemple..fr", "luc@.exemple.fr", "typo@[", "x@(y)"),
    *("a@-x.fr", "a@x-.fr", "a@1.2.3.4", "a@[1.2.3.4]", "a@[IPv6:::1]", "a@x", "a@x.f", "a@x.12", "a@x_y.fr"),
    *("a@" + "x" * 64 + ".fr", "a" * 65 + "@exemple.fr", "a@" + ("x" * 62 + ".") * 4 + "fr", "a" * 10_000),
    *('"a b"@exemple.fr', '"a"@exemple.fr', "a(c)@exemple.fr", "(c)a@exemple.fr", "a b@exemple.fr", "é@exemple.fr"),
    *("a@b.fr,c@d.fr", "a@b.fr; c@d.fr", "a@b@c.fr", "a@b.fr\nBcc: c@d.fr", "a\x00@b.fr", "a\x7f@b.fr", "a\\@b.fr"),
    *(
        "",
        " ",
        "@",
        "a@",
        "@b.fr",
        "<>",
        "mailto:",
        "Luc <a@b.fr> <c@d.fr>",
        "a@\u0301.fr",
        "a@exa mple.fr",
        "a@é\ud800.fr",
    ),
    *("a%b@c.fr", "luc%interne@exemple.fr", "%a@b.fr", "a!b@c.fr", "relais!luc@exemple.fr", "a%b!c@exemple.fr"),
    *("a@xn--zzzzzz.fr", "a@XN--ZZZZZZ.fr", "a@xn--exemple-.fr", "a@xn--a.xn--p1ai", "a@b.xn--zzzzzz", "a@xn--ls8h.la"),
    *("a@xn--99zzzzzz.école.fr", "Luc <a@xn--zzzzzz.fr>", "ａ％ｂ＠ｃ．ｆｒ"),
]


@pytest.mark.parametrize(("typed", "address"), FORGIVEN.items(), ids=ascii)
def test_what_is_clearly_meant_is_forgiven(typed: str, address: str) -> None:
    assert email_address(typed) == address


@pytest.mark.parametrize("typed", REFUSED, ids=lambda typed: ascii(typed)[:40])
def test_what_programs_read_in_two_ways_is_refused_in_french(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(EmailAddress).validate_python(typed)
    sentence = str(refused.value.errors()[0]["ctx"]["error"])
    assert "adresse électronique" in sentence
    assert "exemple.fr" not in sentence


def test_one_person_has_one_login() -> None:
    assert same_login(" Luc@Exemple.fr. ") == same_login("luc@exemple.fr") == "luc@exemple.fr"
    assert same_login(" Ancien@Nom ") == "ancien@nom"


def test_an_address_that_the_mail_library_reads_otherwise_is_not_sendable() -> None:
    assert is_sendable("luc@exemple.fr")
    for address in (
        "=?utf-8?q?x?=@exemple.fr",
        "typo@[",
        "a..b@exemple.fr",
        "a@b.fr, c@d.fr",
        "é@b.fr",
        "",
        "a@b\n.fr",
        "a%b@c.fr",
        "b!a@c.fr",
        "a@xn--zzzzzz.fr",
    ):
        assert not is_sendable(address)


TYPED = st.lists(
    st.sampled_from([*'aB1.@-+_=?%!<>()[]\\",;: é\u200b\u202eＡ．\n\x00', "mailto:", "=?q?", "xn--", ".fr"]),
    max_size=16,
)


@pytest.mark.slow
@seed(20_261_129)
@settings(max_examples=600, deadline=None, database=None)
@given(TYPED.map("".join) | st.text(max_size=80) | st.emails())
def test_an_admitted_address_is_the_one_that_a_mail_is_sent_to(typed: str) -> None:
    try:
        address = email_address(typed)
    except ValueError:
        return
    assert email_address(address) == address
    message = EmailMessage()
    message["To"] = Address(addr_spec=address)
    assert [each.addr_spec for each in message["To"].addresses] == [address]

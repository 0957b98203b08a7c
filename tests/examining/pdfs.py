"""PDFs of every kind that people send, and those that would act; those that cost are of `local/hostile_files.py`."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

Change = Callable[[Pdf], None]
Value = Object | Callable[[Pdf], Object]


def made(
    change: Change = lambda _pdf: None,
    *,
    compact: bool = False,
    encryption: pikepdf.Encryption | bool = False,
    linearize: bool = False,
) -> bytes:
    """A PDF of one page, changed."""
    mode = pikepdf.ObjectStreamMode.generate if compact else pikepdf.ObjectStreamMode.disable
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        written = BytesIO()
        pdf.save(written, object_stream_mode=mode, encryption=encryption, linearize=linearize)
        return written.getvalue()


def locked(user: str = "", revision: int = 6) -> pikepdf.Encryption:
    modern = revision > 3
    return pikepdf.Encryption(owner="o", user=user, R=revision, aes=modern, metadata=modern)  # type: ignore[arg-type]


def _value(pdf: Pdf, value: Value) -> Object:
    return value(pdf) if callable(value) else value


def link(action: Value) -> Change:
    """A link of the page does this."""

    def change(pdf: Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=_value(pdf, action))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(annotation)])

    return change


def root(key: str, value: Value) -> Change:
    """The catalog has this member."""

    def change(pdf: Pdf) -> None:
        pdf.Root[f"/{key}"] = _value(pdf, value)

    return change


def anywhere(value: Value) -> Change:
    """An object that no reader's walk from the pages meets."""
    return root("Kept", lambda pdf: pdf.make_indirect(_value(pdf, value)))


def field(script: str, event: str = "F", *, stream: bool = False) -> Change:
    """A form field has this script."""

    def change(pdf: Pdf) -> None:
        text = pdf.make_stream(script.encode()) if stream else String(script)
        action = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=text))
        members = {
            "/Type": Name.Annot,
            "/Subtype": Name.Widget,
            "/FT": Name.Tx,
            "/T": String("d"),
            "/Rect": [0, 0, 9, 9],
        }
        widget = pdf.make_indirect(Dictionary(members | {"/AA": Dictionary({f"/{event}": action})}))
        pdf.pages[0].obj.Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))

    return change


def attached(name: str, content: bytes) -> Change:
    """A file is attached."""

    def change(pdf: Pdf) -> None:
        pdf.attachments[name] = content

    return change


def action(kind: str, **members: object) -> Dictionary:
    return Dictionary({"/S": Name(f"/{kind}")} | {f"/{key}": value for key, value in members.items()})


def indirect_kind(kind: str) -> Callable[[Pdf], Object]:
    """An action whose type is in another object."""
    return lambda pdf: Dictionary(S=pdf.make_indirect(Name(f"/{kind}")), F=String("cmd.exe"))


PLAIN = made()


def pages(number: int) -> bytes:
    """An honest file of many pages."""
    with pikepdf.new() as pdf:
        for _ in range(number):
            page = pdf.add_blank_page().obj
            page.Contents = pdf.make_stream(b"q Q")
            page.Resources = pdf.make_indirect(Dictionary(Font=Dictionary()))
        written = BytesIO()
        pdf.save(written)
        return written.getvalue()

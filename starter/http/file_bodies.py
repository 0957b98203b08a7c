"""Forms that may carry a file, read within limits: of the file, and of all the other fields together."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from io import BytesIO
from typing import Final, NamedTuple

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from starter.http.problems import fault, problem
from starter.http.request_body import limited, size_in_french, too_large

MAX_FORM_BYTES: Final = 64 * 1024
"""Largest form, not counting its file."""


class _FormParser(MultiPartParser):
    """The form parser, for which a part whose only file name is `filename*=` (RFC 5987) is a file too.

    Its fields are UTF-8 whatever the caller declares, and have `max_form_bytes` in all, names included: beyond, 413.
    """

    def __init__(
        self, request: Request, arriving: AsyncGenerator[bytes, None], max_fields: int, max_form_bytes: int
    ) -> None:
        super().__init__(request.headers, arriving, max_files=1, max_fields=max_fields, max_part_size=max_form_bytes)
        self._form_bytes = 0
        self.keeps_file = True
        """Whether the content of the file is kept; if not, it passes and is forgotten."""

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self._charset = "utf-8"

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        self._count(len(self._current_part.field_name.encode()))

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is None:
            self._count(end - start)
        elif not self.keeps_file:
            return
        super().on_part_data(data, start, end)

    def _count(self, size: int) -> None:
        self._form_bytes += size
        if self._form_bytes > self.max_part_size:
            raise too_large(self.max_part_size)

    def on_header_end(self) -> None:
        super().on_header_end()
        if self._current_part.item_headers[-1][0] == b"content-disposition":
            disposition = self._current_part.content_disposition or b""
            if b"filename*" in disposition.lower() and b"filename" not in parse_options_header(disposition)[1]:
                self._current_part.content_disposition = disposition + b'; filename="file"'


Take = Callable[[Mapping[str, str], bytes], Awaitable[None]]
"""Takes the next bytes of a file while it arrives, with the fields that stood before it in the form."""


class _PassedOn(UploadFile):
    """A file whose bytes are passed on as they arrive: none is kept here, in memory or on a disk."""

    def __init__(self, parser: "_PassingParser", take: Take) -> None:
        super().__init__(BytesIO())
        self._parser = parser
        self._take = take

    async def write(self, data: bytes) -> None:
        await self._take(self._parser.fields, data)


class _PassingParser(_FormParser):
    """The form parser, for which the file `file` passes on."""

    take: Take

    @property
    def fields(self) -> dict[str, str]:
        """The fields that have arrived whole."""
        return {name: value for name, value in self.items if isinstance(value, str)}

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if self._current_part.file is not None and self._current_part.field_name == "file":
            self._files_to_close_on_error.pop().close()
            self._current_part.file = _PassedOn(self, self.take)


async def pass_on(request: Request, max_bytes: int, take: Take) -> tuple[tuple[str, str], ...]:
    """Pass on the file of a form while it arrives, and return its other fields; raises 413 beyond `max_bytes` in all.

    The file must stand after the fields that `take` looks at.
    """
    parser = _PassingParser(request, limited(request, max_bytes), 8, MAX_FORM_BYTES)
    parser.take = take
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    return tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))


async def uploaded(request: Request, max_bytes: int, refusal: str = "") -> bytes:
    """Return the content of the form's field `file`; raises 413 beyond `max_bytes`, with this sentence if given."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise problem("unsupported-media-type", "Envoyez un formulaire (Content-Type: multipart/form-data).")
    refusal = refusal or f"Le fichier dépasse {size_in_french(max_bytes)}."
    arriving = limited(request, max_bytes + MAX_FORM_BYTES, refusal)
    try:
        form = await _FormParser(request, arriving, 8, MAX_FORM_BYTES).parse()
    except (MultiPartException, KeyError, UnicodeError) as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise fault("/file", "missing", "Joignez un fichier sous le nom « file ».")
        content = await file.read()
    finally:
        await form.close()
    if len(content) > max_bytes:
        raise too_large(max_bytes, refusal)
    return content


class SentFile(NamedTuple):
    """A form with one file: its other fields, in order, and the content of the field `file`.

    `content` is None when none was chosen or it was too large, which `too_large` says.
    """

    pairs: tuple[tuple[str, str], ...]
    content: bytes | None
    too_large: bool


class FileLimits(NamedTuple):
    """What a form with a file may hold, in bytes."""

    file: int
    slack: int
    """Beyond the largest file, what is still received so that the form can be shown again."""
    fields: int
    """All the other fields together."""
    max_fields: int


async def file_form(request: Request, most: FileLimits, *, keeps_file: bool = True) -> SentFile:
    """Return a form with at most one file; raises 413 beyond its limits.

    Without `keeps_file`, the file is neither stored nor held while it arrives, and the form is returned without it.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise problem("unsupported-media-type", "Envoyez un formulaire (Content-Type: multipart/form-data).")
    arriving = limited(request, most.file + most.slack + most.fields, too_large_sentence(most.file))
    parser = _FormParser(request, arriving, most.max_fields, most.fields)
    parser.keeps_file = keeps_file
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    try:
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) else None
    finally:
        await form.close()
    pairs = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))
    beyond = content is not None and len(content) > most.file
    return SentFile(pairs, None if beyond else content, beyond)


def too_large_sentence(max_bytes: int) -> str:
    """Return what is said of a file larger than `max_bytes`."""
    return f"Le fichier dépasse {size_in_french(max_bytes)}."

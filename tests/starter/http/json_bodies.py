"""JSON bodies that no program of good faith sends: a valid one, with odd pieces at any place of it."""

import json
from collections.abc import Iterator

from hypothesis import strategies as st

MARK = "Zq7Xk9Vw"
"""In every odd name and text: no answer repeats it."""
DIGITS = "73918462"
"""In every odd number: neither."""
Step = str | int


def _deep(levels: int) -> list[bytes]:
    text = f'"{MARK}"'
    return [
        ("[" * levels + text + "]" * levels).encode(),
        (f'{{"{MARK}":' * levels + text + "}" * levels).encode(),
        b"[" * levels,
    ]


TEXTS = [
    f"{MARK}\\ud800",
    f"\\udfff{MARK}",
    f"{MARK}\\u0000",
    f"\\u202e{MARK}",
    f"\\u200b{MARK}\\ufeff",
    f"{MARK}\\r\\nSet-Cookie: {MARK}",
    f"<script>{MARK}</script>",
    f"{{{MARK}}} {{0}} %s %({MARK})s",
    f"{MARK}\\ue000",
    "a" + "\\u0301" * 40 + MARK,
    f"{DIGITS}-12-01",
    "2026-02-30",
    "0000-00-00",
    f"2026-12-01T{DIGITS}",
    "9999-12-31",
    "0001-01-01",
    f"FR76{DIGITS}{MARK}",
    f"{MARK}@{MARK}.fr",
    f'\\"{MARK}\\"@a.fr',
    f"/{MARK}/~0~1",
    f"1e{DIGITS}",
    "NaN",
    "-Infinity",
    f"\\u0661\\u0662{DIGITS}",
    f"0x{DIGITS}",
    f"1_{DIGITS}",
    "",
    " ",
    MARK * 2_000,
]
NUMBERS = [
    f"1e{DIGITS}",
    f"-1E+{DIGITS}",
    "1e999",
    "1e308",
    f"0.{DIGITS * 40}",
    f"1e-{DIGITS}",
    DIGITS * 20,
    DIGITS * 530,
    DIGITS * 600,
    f"-{DIGITS * 3}",
    "-0",
    "-0.0",
    "9223372036854775808",
    "2147483648",
]
READABLE: list[bytes] = [
    *(f'"{text}"'.encode() for text in TEXTS if "\\ud" not in text),
    *(number.encode() for number in NUMBERS),
    *(deep for levels in (5, 120, 198) for deep in _deep(levels)[:2]),
    *(b"true", b"false", b"null", b"[]", b"{}", b"[[]]", b'{"":{"":null}}'),
    f'["{MARK}",{DIGITS},null,{{"{MARK}":"{MARK}"}}]'.encode(),
    b"[" + b",".join([f'"{MARK}"'.encode()] * 201) + b"]",
]
"""Odd pieces that are JSON."""
UNREADABLE: list[bytes] = [
    *(f'"{text}"'.encode() for text in TEXTS if "\\ud" in text),
    *(number.encode() for number in ("NaN", "-Infinity", "01", "0.1e", f"+{DIGITS}", f"{DIGITS}{MARK}")),
    *(deep for levels in (201, 1_100, 40_000) for deep in _deep(levels)),
    b'"\xed\xa0\x80' + MARK.encode() + b'"',
    b'"\xff' + MARK.encode() + b'"',
    b'"' + MARK.encode() + b'\x00\x01"',
    f'"{MARK}'.encode(),
    f"'{MARK}'".encode(),
    f"/*{MARK}*/1".encode(),
    b"",
]
"""Pieces that make the whole body unreadable."""
NAMES = [
    json.dumps(MARK).encode(),
    f'"{MARK}\\u0000"'.encode(),
    f'"{MARK}\\ud800"'.encode(),
    f'"{MARK}\\u202e"'.encode(),
    b'"' + MARK.encode() + b'\xff"',
    b'""',
    b'"__proto__"',
    f'"/{MARK}/~1"'.encode(),
    json.dumps(MARK * 3_000).encode(),
    MARK.encode(),
]
Change = tuple[str, bytes]
_PIECES = st.integers(0, 9).flatmap(lambda drawn: st.sampled_from(READABLE if drawn else UNREADABLE))
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.tuples(st.just("replaced"), _PIECES),
    st.tuples(st.just("replaced"), _PIECES),
    st.tuples(st.just("replaced"), _PIECES),
    st.tuples(st.sampled_from(["repeated", "escaped"]), _PIECES),
    st.tuples(st.just("renamed"), st.sampled_from(NAMES)),
)


def places(value: object, steps: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Every place of a body, the whole first."""
    yield steps
    if isinstance(value, dict):
        for name, member in value.items():
            yield from places(member, (*steps, name))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from places(member, (*steps, index))


def written(value: object, changes: dict[tuple[Step, ...], Change], steps: tuple[Step, ...] = ()) -> bytes:
    """Return the text of a body, changed at some places."""
    how, odd = changes.get(steps, ("", b""))
    if how == "replaced":
        return odd
    if isinstance(value, list):
        return b"[" + b",".join(written(each, changes, (*steps, at)) for at, each in enumerate(value)) + b"]"
    if not isinstance(value, dict):
        return json.dumps(value).encode()
    members: list[bytes] = []
    for name, member in value.items():
        how, odd = changes.get((*steps, name), ("", b""))
        own, text = json.dumps(name).encode(), written(member, changes, (*steps, name))
        escaped = f'"\\u{ord(name[0]):04x}{name[1:]}"'.encode()
        members.append((odd if how == "renamed" else own) + b":" + text)
        if how in ("repeated", "escaped"):
            members.append((own if how == "repeated" else escaped) + b":" + odd)
    return b"{" + b",".join(members) + b"}"


@st.composite
def bodies(draw: st.DrawFn, valid: dict[str, object]) -> bytes:
    """A valid body with odd pieces at one to three places."""
    where = draw(st.lists(st.sampled_from(list(places(valid))), min_size=1, max_size=3, unique=True))
    return written(valid, {place: draw(CHANGES) for place in where})

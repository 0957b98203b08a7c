"""The scripts of form fields that are harmless: calls of functions that readers ship, with constants only."""

import re
from typing import Final

from pikepdf import Stream, String

MAX_SCRIPT_BYTES: Final = 4 * 1024
FUNCTIONS: Final = (
    "AFDate_Format|AFDate_FormatEx|AFDate_Keystroke|AFDate_KeystrokeEx"
    "|AFTime_Format|AFTime_FormatEx|AFTime_Keystroke|AFTime_KeystrokeEx"
    "|AFNumber_Format|AFNumber_Keystroke|AFPercent_Format|AFPercent_Keystroke"
    "|AFSpecial_Format|AFSpecial_Keystroke|AFSpecial_KeystrokeEx"
    "|AFRange_Validate|AFSimple_Calculate"
)
"""Formats, keystrokes, validations and calculations that every form editor offers."""
TEXT: Final = r'"(?:[^"\\\r\n]|\\.)*+"|' + r"'(?:[^'\\\r\n]|\\.)*+'"
CONSTANT: Final = rf"(?:{TEXT}|-?\d{{1,20}}(?:\.\d{{1,20}})?|true|false)"
LIST: Final = rf"\s*+(?:{CONSTANT}(?:\s*+,\s*+{CONSTANT})*+)?+\s*+"
ARGUMENT: Final = rf"(?:{CONSTANT}|new\s++Array\s*+\({LIST}\)|\[{LIST}\])"
COMMENTS: Final = r"(?:\s*+//[^\r\n\u2028\u2029]*+[\r\n])*+"
CALL: Final = rf"{COMMENTS}\s*+(?:{FUNCTIONS})\s*+\(\s*+(?:{ARGUMENT}(?:\s*+,\s*+{ARGUMENT})*+)?+\s*+\)\s*+"
CALLS: Final = re.compile(rf"{CALL}(?:;{CALL}){{0,5}}+;?+\s*+", re.ASCII)
PRINT: Final = re.compile(r"\s*+(?:this\.)?print\(\s*+(?:true)?\s*+\)\s*+;?+\s*+", re.ASCII)


def is_field_function(script: object) -> bool:
    """Whether a script, text or stream, is calls of known functions with constants."""
    text = _text(script)
    return text is not None and CALLS.fullmatch(text) is not None


def prints(script: object) -> bool:
    """Whether a script only asks the person to print."""
    text = _text(script)
    return text is not None and PRINT.fullmatch(text) is not None


def _text(script: object) -> str | None:
    match script:
        case String():
            text = str(script)
        case Stream():
            raw = script.read_bytes()
            text = raw[: MAX_SCRIPT_BYTES + 1].decode("utf-16" if raw[:2] in (b"\xfe\xff", b"\xff\xfe") else "latin-1")
        case _:
            return None
    return text if len(text) <= MAX_SCRIPT_BYTES else None

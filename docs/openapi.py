"""Write `docs/openapi.json`, the description that the API also serves at `/api/v1/openapi.json`.

python -m docs.openapi
"""

import json
from pathlib import Path
from typing import Final

from models.settings import Settings
from starter.app import create_app

FILE: Final = Path(__file__).with_name("openapi.json")
NOWHERE: Final = Path("nowhere")


def document() -> str:
    """Return the content of the file; the application is only described, so nothing needs to run."""
    settings = Settings(
        database="postgresql://",
        master_key=NOWHERE,
        blind_key=NOWHERE,
        trust=NOWHERE,
        seal=NOWHERE,
        signatories=NOWHERE,
        timestamps=(),
        agency="file:///",
    )
    return json.dumps(create_app(settings).openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")

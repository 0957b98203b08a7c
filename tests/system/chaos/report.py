"""What a campaign prints, and the line that it leaves in the report."""

from pathlib import Path

from tests.system.chaos.campaign import Outcome


def printed(told: Outcome) -> str:
    return "\n".join(
        [
            f"Pannes : {sum(told.faults.values())}",
            *(f"  {kind} : {times}" for kind, times in told.faults.most_common()),
            *(f"  {kind} : aucune, {why}" for kind, why in told.missing.items()),
            f"Tombés d’eux-mêmes, puis relancés : {dict(told.fell) or 'aucun'}",
            "Ce qui a été parcouru :",
            *(f"  {name} : {value}" for name, value in told.counted.items()),
            f"Retard du silence (s) : {told.lateness}",
            *(f"BLOQUÉ {each}" for each in told.stuck),
            *(f"TROUVÉ {each}" for each in told.findings),
            "L’auditeur ne trouve rien." if told.whole else "IL Y A DES FAUTES.",
        ]
    )


def write(file: Path, told: Outcome) -> None:
    pass

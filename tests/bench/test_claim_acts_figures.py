"""Acts on all people of a claim are told alone: what each takes, and of how many people."""

from bench.claim_acts_figures import KIB, MIB, Acts, build_figures


def test_each_act_has_its_figures() -> None:
    acts = Acts(nominal_seconds=4.0, nominal_bytes=8 * MIB, nominal_kib=32 * KIB, rates_seconds=1.5)
    found = build_figures(acts, 20_000)
    assert {each.name: each.values for each in found} == {
        "Nominal file of the claim": (4.0,),
        "Memory of the nominal file": (32.0,),
        "Hours of the claim by rate, as its signature states them": (1.5,),
    }
    assert found[0].beside == "20 000 people, alone: 8.0 MiB"

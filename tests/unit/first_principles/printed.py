"""What Quantum ESPRESSO printed in finished runs."""

from tests.conftest import ROOT

DATA = ROOT / "tests" / "data" / "first_principles"


def read(name):
    return (DATA / name).read_text(encoding="utf-8")

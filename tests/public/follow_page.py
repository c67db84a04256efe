"""Run as a script in a folder of its own: what docs/extending.md says, done, and a campaign made.

Arguments: the page, the folder for the results. The library's sources stay as they are: the edited
text of a module takes its place before anything else has imported from it.
"""

import copy
import importlib
import os
import re
import sys
from pathlib import Path

page, folder = map(Path, sys.argv[1:])
value, entry, figure, line = re.findall(
    r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


def edited(name, *replacements):
    """Execute a module's text, with each (old, new) done once, as the module."""
    module = importlib.import_module(name)
    text = Path(module.__file__).read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, (name, old)
        text = text.replace(old, new)
    exec(compile(text, module.__file__, "exec"), module.__dict__)


first = '    "kinetic_energy": Observable(\n'
edited(
    "ferronhall.model.observables",
    (
        "@dataclass(frozen=True)\nclass Observable",
        f"{value}\n\n@dataclass(frozen=True)\nclass Observable",
    ),
    (first, entry + first),
)
before = '    "fig1": ("parameters", "ensemble"),\n'
edited("ferronhall.base.paths", (before, line + before))

from ferronhall.results import figures  # noqa: E402

(folder / "figures").mkdir()
(folder / "figures" / "kinetic_temperature.py").write_text(figure, encoding="utf-8")
figures.__path__.append(str(folder / "figures"))

from ferronhall.base import paths, storage  # noqa: E402
from ferronhall.campaign.config import validate  # noqa: E402
from ferronhall.results.tables import result_table  # noqa: E402
from ferronhall.results.tables.table import write_table  # noqa: E402
from tests.conftest import CONFIG  # noqa: E402
from tests.public.conftest import CAMPAIGN, CHANGED, make_campaign  # noqa: E402

os.chdir(folder)
make_campaign(validate(copy.deepcopy(CONFIG | CHANGED)))


def read(names):
    return {name: storage.read(getattr(CAMPAIGN, name)) for name in names}


for name, datasets in (paths.RESULT_TABLES | paths.TWIN_TABLES).items():
    files = CAMPAIGN.table(name)
    write_table(result_table(name, **read(datasets)), files["csv"], files["md"])
for name in ("kinetic_temperature", "figS2"):
    files = CAMPAIGN.figure(name)
    drawn = figures.draw(name, **read(paths.FIGURES[name]))
    figures.save(drawn, files["png"], files["pdf"], files["csv"])

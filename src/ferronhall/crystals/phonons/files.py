"""The YAML file that names a material's first-principles data, and the files it names."""

from pathlib import Path

from ferronhall.base import digest, schema, yaml_files
from ferronhall.base.errors import ConfigError


def read_content(path):
    """The checked YAML file alone, defaults filled in; ConfigError when it cannot be used."""
    content = yaml_files.read_checked(path, "phonons", "first_principles")
    given = {name for name in ("cubic", "tetragonal") if name in content}
    filled = schema.fill(content, "phonons")
    # an optional group that is absent stays absent
    return {k: v for k, v in filled.items() if k not in ("cubic", "tetragonal") or k in given}


def data_files(path):
    """Every file the data set names, itself first."""
    content, folder = read_content(path), Path(path).parent
    phases = [content[name] for name in ("cubic", "tetragonal") if name in content]
    named = [file for phase in phases for file in (*_single(phase), *phase.get("forces", ()))]
    return [str(path), *(str(folder / file) for file in (*named, content["switching_path"]))]


def _single(phase):
    return [file for key, file in phase.items() if key != "forces"]


def data_digest(path):
    """Digest of the contents of all data files; ConfigError for one that cannot be read."""
    contents = []
    for name in data_files(path):
        try:
            contents.append(Path(name).read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise ConfigError(
                f"first_principles: '{path}' names '{name}', which cannot be read "
                f"({error.strerror})"
            ) from error
    return digest.fingerprint(contents)

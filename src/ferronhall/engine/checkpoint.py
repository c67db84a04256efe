"""Checkpoint files: all a replica's trajectories need to go on bit for bit after an interruption.

A file is one line naming the format, one with the SHA-256 of what follows, and an npz archive.
"""

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ferronhall.base import storage
from ferronhall.base.errors import DataFileError
from ferronhall.base.regular_file import require_regular

_NAME = b"ferronhall checkpoint"
_FORMAT = 3

WRONG = "its checksum matches, but its content is not that of a checkpoint of this replica"

_UNREADABLE = (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error)
"""What numpy, zip and JSON raise about an archive that something else wrote."""


@dataclass
class State:
    """Where the members of a replica stand.

    w, v : ndarray, shape (members, 3, sites)
        Displacement (Å) and velocity (Å/ps) in storage order, see propagator.Propagator.
    step : int
        Number of substeps done; with the schedule it says what comes next.
    means : list of ndarray float64, shape (members, moment, nx, ny)
        Means of the finished blocks, see observables.SAMPLED_MOMENTS.
    sums : ndarray float64, shape (members, moment, nx, ny)
        Sums over the running block, y in storage order.
    samples : int
        Number of samples a member in `sums`.
    balance_means, balance_sums : as means and sums, of the balance moments
        See balance_means.BalanceMeans; no moments when none are sampled.
    """

    w: np.ndarray
    v: np.ndarray
    step: int
    means: list
    sums: np.ndarray
    samples: int
    balance_means: list
    balance_sums: np.ndarray


class ForeignError(DataFileError):
    """A sound checkpoint of another replica or format."""


class UnreachableError(DataFileError):
    """A checkpoint that the file system does not hand over."""


def write(path, identity, state):
    """Write a checkpoint; DataFileError when the disk refuses it.

    identity : dict of str → JSON value
        What a run must have in common with the checkpoint to go on from it.
    """
    content = io.BytesIO()
    np.savez(
        content,
        identity=json.dumps(identity),
        position=np.array([state.step, state.samples]),
        w=state.w,
        v=state.v,
        means=_stacked(state.means, state.sums),
        sums=state.sums,
        balance_means=_stacked(state.balance_means, state.balance_sums),
        balance_sums=state.balance_sums,
    )
    payload = content.getvalue()
    checksum = hashlib.sha256(payload).hexdigest().encode()
    with storage.replacing(path) as temporary:
        temporary.write_bytes(b"%s %d\n%s\n%s" % (_NAME, _FORMAT, checksum, payload))


def _stacked(means, like):
    # with the number given, for an array of no moments leaves it open
    return np.array(means).reshape(len(means), *like.shape)


def refusal(path, reason, kind=DataFileError):
    """The error that refuses a checkpoint for a reason, with the way out."""
    return kind(
        f"{path}: no replica can go on from this checkpoint: {reason}. Move the file to another "
        "folder, or set checkpoint.restart: true, and the replica starts from its beginning"
    )


def read(path, identity):
    """Read a checkpoint of the run that `identity` describes, and return its State.

    raises : DataFileError naming the file, the reason and the way out when it cannot be used
    """
    found, state = _read(path)
    for key, wanted in identity.items():
        if found.get(key) != wanted:
            reason = f"it belongs to another {key} ({found.get(key)}, this run has {wanted})"
            if key == "code":
                reason += ", from which --config accept_code=true goes on all the same"
            raise refusal(path, reason, ForeignError)
    return state


def identity(path):
    """The run that a checkpoint belongs to, a dict; raises as read does."""
    return _read(path)[0]


def _read(path):
    """Identity and State of a sound checkpoint."""
    try:
        require_regular(path)
        name, checksum, payload = Path(path).read_bytes().split(b"\n", 2)
    except OSError as error:
        raise UnreachableError(
            f"{path}: this checkpoint cannot be read ({error.strerror}); mend that and run again. "
            "Nothing is known to be wrong with its content, so keep it; or set checkpoint.restart: "
            "true, and the replica starts from its beginning"
        ) from error
    except ValueError as error:
        raise refusal(path, "it is truncated") from error
    if not name.startswith(_NAME):
        raise refusal(path, "it is damaged")
    if name != b"%s %d" % (_NAME, _FORMAT):
        found = name.removeprefix(_NAME).decode(errors="replace").strip()
        raise refusal(path, f"its format is {found}, this version reads {_FORMAT}", ForeignError)
    if hashlib.sha256(payload).hexdigest().encode() != checksum:
        raise refusal(path, "it is truncated or damaged, its checksum does not match")
    try:
        return _unpacked(payload)
    except _UNREADABLE as error:
        raise refusal(path, f"{WRONG} ({error})") from error


def _unpacked(payload):
    """Identity and State of an archive."""
    with np.load(io.BytesIO(payload)) as content:
        arrays = dict(content)
    identity = json.loads(str(arrays["identity"]))
    if not isinstance(identity, dict):
        raise TypeError(f"the identity is {identity!r}")
    step, samples = (int(n) for n in arrays["position"])
    means, balance_means = list(arrays["means"]), list(arrays["balance_means"])
    balances = (balance_means, arrays["balance_sums"])
    state = State(arrays["w"], arrays["v"], step, means, arrays["sums"], samples, *balances)
    return identity, state

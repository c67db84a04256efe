"""The device: whether there is one, and how functions are compiled for it or emulated.

Emulated (NUMBA_ENABLE_CUDASIM=1) the kernels run as Python, a thread each: for tests alone.
"""

import importlib.util
import sys

from numba import config, cuda

from ferronhall.base.errors import ConfigError

EMULATED = bool(config.ENABLE_CUDASIM)
if EMULATED:
    # the emulator waits for its threads in a loop, which is to leave them the interpreter
    sys.setswitchinterval(1e-4)

_WAY_OUT = "set engine: cpu, with which a campaign goes on from whatever has been begun"
_INSTALL = "pip install -c envs/constraints.txt -e '.[gpu]'"


def require_device():
    """ConfigError where no device can run the kernels, with the way out."""
    if EMULATED:
        return
    if importlib.util.find_spec("numba_cuda") is None:
        raise ConfigError(
            f"engine: gpu needs the extra of that name, which is not installed ({_INSTALL}); "
            f"install it where the jobs run, or {_WAY_OUT}"
        )
    if not cuda.is_available():
        raise ConfigError(
            "engine: gpu, and no CUDA device answers here (nvidia-smi lists those that a driver "
            f"finds); run where there is one, or {_WAY_OUT}"
        )


def device_name():
    """What the device calls itself."""
    if EMULATED:
        return "emulated"
    name = cuda.get_current_device().name
    return name.decode() if isinstance(name, bytes) else str(name)


def function(python):
    """A function that kernels call."""
    return python if EMULATED else cuda.jit(device=True)(python)


def formula(compiled):
    """A formula of the CPU engine's, as a function that kernels call."""
    return function(compiled.py_func)


def per_thread(count, most=128):
    """Blocks and threads a block, for `count` threads and some more that have nothing to do."""
    threads = min(most, count)
    return -(-count // threads), threads

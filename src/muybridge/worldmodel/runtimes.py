"""What may run the network: torch (the reference, and the one for GPUs) or ONNX Runtime, in full or in eight bits.

Names only, no torch here: doors ask whether a runtime is installed. `passes` is what runs.
"""

import importlib.util
from enum import StrEnum

from muybridge.plugins import MissingExtra


class Runtime(StrEnum):
    TORCH = "torch"
    ONNX = "onnx"
    ONNX_INT8 = "onnx-int8"
    """Weights as a shipped file holds them, activations rounded to eight bits: faster, and other by a hair."""


def require(runtime: Runtime) -> None:
    """Raises MissingExtra with the command that brings what is missing. Imports nothing."""
    if missing := _missing(runtime):
        raise MissingExtra(
            f"The runtime {runtime} needs {' and '.join(missing)}, not installed here.",
            remedy="Run: pip install 'muybridge[onnx]', or use torch.",
        )


def is_installed(runtime: Runtime) -> bool:
    return not _missing(runtime)


def _missing(runtime: Runtime) -> list[str]:
    needed = () if runtime is Runtime.TORCH else ("onnx", "onnxruntime")
    return [name for name in needed if importlib.util.find_spec(name) is None]

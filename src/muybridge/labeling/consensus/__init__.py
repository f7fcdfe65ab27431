"""Consensus: the answer agreed from several attempts, with its agreement in [0,1].

A plugin socket. `METHODS` knows the built-ins that `wiring` lists and third parties' entry points
`muybridge.consensus_methods`. Methods are pure: answers in, Agreed out. Reading rows, opening reviews and events
are `labeling.resolve`'s.
"""

from muybridge.labeling.consensus.contract import Agreed, Answer, ConsensusMethod
from muybridge.plugins import Registry

METHODS: Registry[ConsensusMethod] = Registry("consensus method", "muybridge.consensus_methods")

__all__ = ["METHODS", "Agreed", "Answer", "ConsensusMethod"]

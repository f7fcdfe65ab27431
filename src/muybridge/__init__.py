"""Muybridge: footage in, labels of measured quality, frozen datasets, a world model, signed video out.

Rooms stand in one order (docs/architecture.md): a room may call any room below it and none above.
"""

__version__ = "0.1.0"

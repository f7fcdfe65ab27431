"""The v1 face: one module a room, thin routes over its functions."""

"""Where the heavy part of a job runs: a socket. `local` uses child processes; others publish `muybridge.executors`."""

from muybridge.jobs.executors.sockets import EXECUTORS, Check, Executor

__all__ = ["EXECUTORS", "Check", "Executor"]

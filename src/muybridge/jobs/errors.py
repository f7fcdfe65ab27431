"""What can go wrong with background work, by name."""

from muybridge.errors import Conflict, Invalid, NotFound, Unavailable


class LeaseLost(Conflict):
    """Another worker holds the job now; nothing of this transaction was kept."""

    code = "jobs.lease_lost"


class JobCancelled(Conflict):
    """Somebody asked for the job to stop, and it did."""

    code = "jobs.cancelled"


class AlreadyFinished(Conflict):
    code = "jobs.already_finished"


class ChildDied(Unavailable):
    """The process that did the heavy part ended without an answer."""

    code = "jobs.child_died"


class ChildFailed(Unavailable):
    """The heavy part raised something that is not a MuybridgeError; facts carry its traceback."""

    code = "jobs.child_failed"


class WorkerLost(Unavailable):
    code = "jobs.worker_lost"


class UnknownHandler(Invalid):
    code = "jobs.unknown_handler"


class NoChannel(NotFound):
    code = "jobs.no_channel"


class ChannelClosed(Unavailable):
    code = "jobs.channel_closed"


class WebhookRefused(Unavailable):
    code = "jobs.webhook_refused"


class BadWebhook(Invalid):
    code = "jobs.bad_webhook"

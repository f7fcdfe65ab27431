"""What can go wrong with background work, by name."""

from muybridge.errors import Conflict, Invalid, NotFound, Unavailable


class LeaseLost(Conflict):
    """Another worker holds the job now; nothing of this transaction was kept."""

    code = "jobs.lease_lost"


class JobCancelled(Conflict):
    """Somebody asked for the job to stop, and it did."""

    code = "jobs.cancelled"


class AlreadyFinished(Conflict):
    """The job has ended; there is nothing left to stop."""

    code = "jobs.already_finished"


class ChildDied(Unavailable):
    """The process that did the heavy part ended without an answer."""

    code = "jobs.child_died"


class ChildFailed(Unavailable):
    """The heavy part raised something that is not a MuybridgeError; facts carry its traceback."""

    code = "jobs.child_failed"


class NoChannel(NotFound):
    """The job has no open channel now."""

    code = "jobs.no_channel"


class ChannelClosed(Unavailable):
    """The other end of a channel is gone."""

    code = "jobs.channel_closed"


class WebhookRefused(Unavailable):
    """A receiver did not take an event."""

    code = "jobs.webhook_refused"


class BadWebhook(Invalid):
    """A subscription that could never be told."""

    code = "jobs.bad_webhook"

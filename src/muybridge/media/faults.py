"""Why a file cannot be used, in words a person can act on. Every message names the file."""

from muybridge.errors import Invalid


class MediaFault(Invalid):
    code = "media.fault"


class EmptyFile(MediaFault):
    code = "media.empty_file"


class NotMedia(MediaFault):
    """No container that Muybridge reads, or its index is missing."""

    code = "media.not_media"


class NoVideo(MediaFault):
    """A media file without a video stream (audio only, or cover art)."""

    code = "media.no_video"


class CorruptMedia(MediaFault):
    """A video stream of which not one frame can be decoded."""

    code = "media.corrupt"


class PictureTooLarge(MediaFault):
    """Pictures of more pixels than a decoder is let hold."""

    code = "media.picture_too_large"


class FrameOutOfRange(MediaFault):
    """A frame number outside [0, num_frames)."""

    code = "media.frame_out_of_range"


class NoFrames(MediaFault):
    """Nothing was given to encode."""

    code = "media.no_frames"


class EncodeFailed(MediaFault):
    """The encoder refused, or wrote fewer frames than it was given."""

    code = "media.encode_failed"

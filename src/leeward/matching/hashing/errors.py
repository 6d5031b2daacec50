"""Problems with a file that is to be hashed; they are findings about the file, not failures of the program."""

from leeward.foundation.errors import LeewardError


class PictureBroken(LeewardError):
    """The bytes begin like a picture or a video but can't be decoded within the limits."""

    code = "picture_broken"
    sentence = "The picture can't be hashed: {why}."
    hint = "Its other hashes are right; they are of the bytes as they are."

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why=why)


class TorrentUnreadable(LeewardError):
    """The bytes are not a torrent file, or the text is not a magnet link."""

    code = "torrent_unreadable"
    sentence = "The torrent or magnet link can't be read: {why}."
    hint = "Take it again from where it came from."

    def __init__(self, why: str) -> None:
        super().__init__(why=why)

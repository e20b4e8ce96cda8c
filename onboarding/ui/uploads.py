"""Uploads are read into memory only, up to settings.UPLOAD_LIMIT bytes each, and never touch the disk.

What an upload means is judged in certs; a file that is too large is refused by ui.fields.UploadField.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# A body this many times the limit is no mistake of a person choosing a file: it is cut off unread.
_BODY_LIMIT_FACTOR = 10


class WipedOnClose(BytesIO):
    """What was uploaded; Django closes it with the request, and then nothing of it is left in this buffer.

    Copies that Python makes of bytes cannot be overwritten; they are freed as soon as nobody names them.
    """

    def close(self) -> None:
        """Overwrite the content, then let it go."""
        if not self.closed:
            with self.getbuffer() as content:
                content[:] = bytes(len(content))
        super().close()


class MemoryOnlyUploadHandler(FileUploadHandler):
    """Keeps each file in memory; of one that is too large it keeps the length and nothing else.

    The form can then say how large the file was, instead of the connection breaking.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803  # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raises RequestDataTooBig (HTTP 413 or 400) for a body beyond all reason."""
        if content_length > _BODY_LIMIT_FACTOR * settings.UPLOAD_LIMIT:
            raise RequestDataTooBig("The upload is far larger than the limit.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content = WipedOnClose()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.UPLOAD_LIMIT:
            self.content.close()
            self.content = WipedOnClose()
        else:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def pasted_or_uploaded(data: Mapping[str, Any], text: str, upload: str) -> bytes:
    """What was pasted or, if a file was chosen, uploaded: the file wins."""
    file = data.get(upload)
    if file:
        content: bytes = file.read()
        file.seek(0)
        return content
    return str(data.get(text) or "").encode()

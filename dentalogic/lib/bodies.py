"""What the API reads: JSON, bounded in size and in depth. What forms bring: files, bounded too."""
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = _("El pedido es demasiado grande.")


class JSONBody(JSONParser):
    """Django's own limit does not reach a body that is read as a stream."""

    def parse(self, stream, media_type=None, parser_context=None):
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > settings.API_MAX_BYTES:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as fault:
            raise ParseError from fault


class Capped(FileUploadHandler):
    """The first of Django's upload handlers: a form that is too large is not read, wherever it goes, for it is read
    before any view is asked. Who reads `request.FILES` asks whether the request is `too_large`."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803  (Django's)
        self.request.too_large = content_length > settings.UPLOAD_MAX_BYTES

    def new_file(self, *args, **kwargs):
        if self.request.too_large:
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None

"""Renders a template with one recipient's values into the payloads of its parts; built for the sender's rate."""

from __future__ import annotations

from collections.abc import Sequence

from sendmill.domain.segments import Encoding, encode_parts
from sendmill.domain.templates import Template, opening


class Renderer:
    """A template and its signature, made ready: values in, payloads out.

    Without variables every message is the same and is encoded once.
    """

    def __init__(self, template: Template, signature: str | None) -> None:
        self._kind = template.application_type
        texts = [
            "%s" if isinstance(piece, int) else piece.replace("%", "%%")
            for piece in (opening(self._kind, signature), *template.pieces)
        ]
        self._format = "".join(texts)
        self._order = tuple(piece for piece in template.pieces if isinstance(piece, int))
        self._in_order = self._order == tuple(range(len(self._order)))
        self._constant = None if template.variables else self._encode(self._format % ())

    def text(self, values: Sequence[str]) -> str:
        """Return the text of one recipient, from one value for every variable."""
        if self._in_order:
            return self._format % tuple(values)
        return self._format % tuple(values[position] for position in self._order)

    def encode(self, values: Sequence[str]) -> tuple[bool, list[bytes]]:
        """Return whether the text is UCS-2, and the payload of every part. The list must not be changed."""
        if self._constant is not None:
            return self._constant
        return self._encode(self.text(values))

    def _encode(self, text: str) -> tuple[bool, list[bytes]]:
        encoding, payloads = encode_parts(text, self._kind)
        return encoding is Encoding.UCS2, payloads

"""ELAN annotation documents (EAF 2.7 to 3.0): `document` parses, `reader` makes records, `writer` makes documents."""

from braid.formats.eaf.reader import Eaf

__all__ = ["Eaf"]

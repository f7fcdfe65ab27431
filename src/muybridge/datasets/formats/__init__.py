"""Export formats: a plugin socket. One module a format; `wiring` lists ours, entry points `muybridge.exporters` yours.

An export is always of a frozen version, so the same version gives the same bytes tomorrow.
"""

from muybridge.datasets.formats.contract import Exporter, ExportSource, write_export
from muybridge.plugins import Registry

EXPORTERS: Registry[Exporter] = Registry("export format", "muybridge.exporters")

__all__ = ["EXPORTERS", "ExportSource", "Exporter", "write_export"]

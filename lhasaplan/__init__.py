"""Plan and audit fixed public cameras: what each can really see, must not see, and is needed for."""

__version__ = "0.1.0"

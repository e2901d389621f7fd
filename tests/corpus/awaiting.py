"""Files that the readers do not treat as they should yet, by the key of the case, each with the reason in words."""

AWAITING: dict[str, str] = {}

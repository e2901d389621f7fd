"""How long a piece of work will still take, by how far it has come."""

EARLY_S, EARLY_SHARE = 3.0, 0.05  # before that nobody can tell


class Pace:
    """Remembers when the work of each lane began; times are seconds of any steady clock."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}

    def begin(self, lane: str, now_s: float) -> None:
        """Note that work begins."""
        self._began[lane] = now_s

    def left_s(self, lane: str, share: float, now_s: float) -> float | None:
        """Return how many seconds are left if the rest goes as what is done went; None while that cannot be told.

        >>> pace = Pace(); pace.begin("analysis", 100.0)
        >>> pace.left_s("analysis", 0.25, 110.0), pace.left_s("analysis", 0.25, 102.0), pace.left_s("file", 0.5, 110.0)
        (30.0, None, None)
        """
        if lane not in self._began:
            return None
        took_s = now_s - self._began[lane]
        return took_s * (1.0 - share) / share if took_s >= EARLY_S and share >= EARLY_SHARE else None

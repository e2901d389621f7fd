"""Item models that show values of the session; they adapt and decide nothing."""

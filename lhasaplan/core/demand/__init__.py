"""What cameras are asked to see: candidates, the guard, demand points, and how parts are served: shares, verdicts, gaps."""

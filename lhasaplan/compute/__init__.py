"""Where the work runs: in threads of this process, or on a cluster of workers."""

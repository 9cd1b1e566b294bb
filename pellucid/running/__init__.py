"""Running a program: coordinated threads, sessions that recover, hooks, the supervisor."""

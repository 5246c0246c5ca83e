"""What `./run` uses: embedded PostgreSQL and a Redis-compatible server, and the supervisor of the processes."""

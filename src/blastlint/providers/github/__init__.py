"""GitHub: what workflow jobs and Apps may do to a repository, and who merges alone."""

"""One file for each change of the tables; what stands here describes the past and is never changed."""

"""Who works where: workers and their heartbeats, portals' queues, what open sessions show."""

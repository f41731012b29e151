"""A stand-in for the real portals, faults included. It knows neither rpa nor flows."""

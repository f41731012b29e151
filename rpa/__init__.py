"""The engine that files 稳岗返还: it knows no province (those are in ``flows``)."""

__version__ = "0.1.0"

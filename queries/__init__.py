"""The catalogue of query packs; read by ``graphdb.packs``."""

"""The engine's SQL: asyncio, psycopg, no Django."""

"""Counts the words in reports of which nobody knows what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sendmill.postgres.connections import Connection

LONGEST = 32  # characters of a word
MOST = 100  # words of one carrier: more are those of a carrier that writes anything there

# In the order of words, so that two writers never wait for each other.
COUNT = f"""
INSERT INTO report_word AS w (carrier_id, word, reports)
SELECT %(carrier_id)s, u.word, u.reports FROM unnest(%(words)s::text[], %(reports)s::bigint[]) AS u (word, reports)
WHERE (SELECT count(*) FROM report_word WHERE carrier_id = %(carrier_id)s) < {MOST}
   OR EXISTS (SELECT FROM report_word o WHERE o.carrier_id = %(carrier_id)s AND o.word = u.word)
ORDER BY u.word
ON CONFLICT (carrier_id, word) DO UPDATE SET reports = w.reports + excluded.reports, last_at = now()
"""


async def count_unknown_words(conn: Connection, carrier_id: int, words: Sequence[str]) -> None:
    """Count these words, one for each report that had it; committed when it returns."""
    if words:
        counts = Counter(word[:LONGEST] for word in words)
        columns = {"words": list(counts), "reports": list(counts.values())}
        await conn.execute(COUNT, columns | {"carrier_id": carrier_id})

"""Every change of `message.result`, and the failures and counters that change with it in the same statement.

| from | to | because | here | executed by |
|---|---|---|---|---|
| Waiting | Sending | the carrier took it (the result stays 0; `submitted_at` is set) | `SENT` | `batches.record` |
| Waiting | Failed, Uncertain | the carrier refused it, or did not answer | `ANSWERED` | `batches.record` |
| Waiting | Uncertain | its sender died with the batch open | `LEFT_OPEN` | `chunks.recover` |
| Waiting | Failed | its number had enough messages | `CAPPED` | `frequency_caps.judge` |
| Waiting | Failed | no route takes its number | `UNROUTED` | `bulk_import` |
| Waiting | Not sent, Uncertain | its task was ended; a person doubts it | `UNSENT` | `unsent_messages` |
| Waiting, Sending | Successful | a report, key of the message in memory | `DELIVERED` | `match_cached.deliver` |
| Waiting, Sending | Failed | a report, key of the message in memory | `UNDELIVERED` | `match_cached.fail` |
| all but Successful | Successful | a report by id | `REPORTED` | `report_matching.match` |
| Waiting, Sending, Uncertain, Not sent | Failed | a report by id | `REPORTED` | `report_matching.match` |
| all but Successful | Successful, Failed | reports of its parts | `PARTS_REPORTED` | `report_matching.match` |
| Uncertain | Sending, Failed | a late response of the carrier | `ANSWERED_LATE` | `report_matching.settle_late` |
| Uncertain | Successful, Failed | a report that names its number only | `REPORTED_BY_NUMBER` | `orphans` |
| Waiting | Successful | the carrier took it, and reports nothing | `ANSWERED` | `batches.record` |
| Sending | Failed | no report came in time | `EXPIRED` | `uncertain.expire` |
| Sending | Successful | the same, and parts of it were delivered | `EXPIRED` | `uncertain.expire` |
| Sending | Successful | its carrier turned out to report nothing | `ACCEPTED` | `uncertain.settle_accepted` |
| Sending | Successful | its carrier reports a long one once | `REPORTED_ONCE` | `uncertain.settle_reported_once` |
| Uncertain | Failed | a person decided | `DECIDED` | `uncertain.settle_uncertain` |
| Uncertain | Waiting | a person lets it be sent again | `SENT_AGAIN` | `uncertain.send_again` |
| Uncertain | Waiting | a late response: it was not sent | `SENT_AGAIN` | `late_refusals.wait_again` |

A report about a Waiting message proves that it was sent: a store that a standby took over may not know it.

Each is the text of a CTE `changed` (task_id, seq, was, became), followed by CTEs that keep `failure` (one row for each
Failed message) and `tally` (counters by chunk) in step. A statement puts it behind the CTEs that it names. Tables are
named <so>: `within` puts partitions there, `across` their parents. Locks are taken in one order everywhere: chunk,
message by seq, tally by n.
"""

from __future__ import annotations

from sendmill.message_store.phone_number_agreement import agreeing

CHUNK = 1000  # messages of a chunk and of its tally: message `seq` is counted by tally `seq / CHUNK`

_NOTED = """, noted AS (
    INSERT INTO <failure> (task_id, seq) SELECT task_id, seq FROM changed WHERE became = 2 AND was <> 2
    ON CONFLICT DO NOTHING
)"""
_MENDED = """, mended AS (
    DELETE FROM <failure> f USING changed c
    WHERE c.was = 2 AND c.became <> 2 AND f.task_id = c.task_id AND f.seq = c.seq
)"""
_TALLIED = f""", delta AS (
    SELECT task_id, seq / {CHUNK} AS n,
           count(*) FILTER (WHERE became = 1) - count(*) FILTER (WHERE was = 1) AS successful,
           count(*) FILTER (WHERE became = 2) - count(*) FILTER (WHERE was = 2) AS failed,
           count(*) FILTER (WHERE became = 3) - count(*) FILTER (WHERE was = 3) AS uncertain,
           count(*) FILTER (WHERE became = 4) - count(*) FILTER (WHERE was = 4) AS not_sent
    FROM changed WHERE was <> became GROUP BY 1, 2
), held AS (
    SELECT t.task_id, t.n, d.successful, d.failed, d.uncertain, d.not_sent
    FROM delta d JOIN <tally> t ON t.task_id = d.task_id AND t.n = d.n
    ORDER BY t.task_id, t.n FOR UPDATE OF t
), counted AS (
    UPDATE <tally> t SET successful = t.successful + h.successful, failed = t.failed + h.failed,
                         uncertain = t.uncertain + h.uncertain, not_sent = t.not_sent + h.not_sent
    FROM held h WHERE t.task_id = h.task_id AND t.n = h.n
)"""


def counted(update: str, *, fails: bool = True, mends: bool = False, besides: str = "") -> str:
    """The CTE `changed` of an UPDATE of `<message> m`, and those that count it.

    Whether messages become Failed (`fails`), or Failed ones become something else (`mends`), decides what is done to
    `failure`. `besides` are further columns of `changed`.
    """
    return (
        f"""changed AS ({update}
    RETURNING m.task_id, m.seq, old.result AS was, new.result AS became{besides}
)"""
        + (_NOTED if fails else "")
        + (_MENDED if mends else "")
        + _TALLIED
    )


def _counted_of_one_task(update: str, counter: str, noted: str = "") -> str:
    """The same for the common case, at less cost: messages of one task without a result, which all get the same."""
    return f"""changed AS ({update}
){noted}, held AS (
    SELECT t.n, c.{counter}
    FROM (SELECT seq / {CHUNK} AS n, count(*) AS {counter} FROM changed GROUP BY 1) c
    JOIN <tally> t ON t.task_id = %(task_id)s AND t.n = c.n
    ORDER BY t.n FOR UPDATE OF t
), counted AS (
    UPDATE <tally> t SET {counter} = t.{counter} + h.{counter}
    FROM held h WHERE t.task_id = %(task_id)s AND t.n = h.n
)"""


# By the sender. `fence` is the chunk's row, if the lease is still held.
SENT = """sent AS (
    UPDATE <message> SET submitted_at = now()
    FROM fence WHERE task_id = %(task_id)s AND seq = ANY(%(seqs)s::int[])
)"""

# The rows carry the task, so that the plan does not reach the messages by the task alone: with the statistics of an
# empty table that looks cheaper, and reads all.
ANSWERED = counted("""
    UPDATE <message> m SET result = u.result, code = u.code, submitted_at = now(),
        delivered = CASE WHEN u.result = 1 AND m.parts > 1 THEN (
            SELECT count(*) FROM <part> p WHERE p.task_id = m.task_id AND p.seq = m.seq AND p.result = 1)
            ELSE m.delivered END
    FROM (SELECT %(task_id)s::bigint AS task_id, seq, result, code
          FROM unnest(%(seqs)s::int[], %(results)s::smallint[], %(codes)s::text[]) AS u (seq, result, code)
          ORDER BY seq) u
    WHERE m.task_id = u.task_id AND m.seq = u.seq AND m.result = 0""")

# `dead` are the chunks of dead senders: what is not recorded of their open batches may have been sent, or only what is
# `written` where that is known.
LEFT_OPEN = counted(
    """
    UPDATE <message> m SET result = 3, code = 'UNCERTAIN', submitted_at = now()
    FROM dead d
    WHERE m.task_id = d.task_id AND m.seq >= d.next_seq AND m.seq < d.batch_hi
      AND m.submitted_at IS NULL AND m.result = 0 AND (d.written IS NULL OR m.seq = ANY(d.written))""",
    fails=False,
)

# `judged` has a code for each message that its number may not get.
CAPPED = counted("""
    UPDATE <message> m SET result = 2, code = c.code
    FROM (SELECT %(task_id)s::bigint AS task_id, seq, code FROM judged WHERE code IS NOT NULL ORDER BY seq) c
    WHERE m.task_id = c.task_id AND m.seq = c.seq AND m.result = 0 AND m.submitted_at IS NULL""")

# Before anything of the task is sent.
UNROUTED = counted("""
    UPDATE <message> m SET result = 2, code = 'NOROUTE'
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(height)s AND m.result = 0""")

# Chunks without an open batch. Below next_seq all is known; above it some may be, when the carrier asked for less in
# the middle of a batch. The bounds by seq keep this from reading the whole task where the statistics know nothing of
# it yet.
UNSENT = counted(
    f"""
    UPDATE <message> m SET result = %(result)s, code = %(code)s,
        submitted_at = CASE WHEN %(result)s = 3 THEN now() END
    FROM <chunk> c
    WHERE c.task_id = %(task)s AND c.n = ANY(%(ns)s::int[])
      AND m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s AND m.seq / {CHUNK} = c.n
      AND m.seq >= c.next_seq AND m.submitted_at IS NULL AND m.result = 0""",
    fails=False,
)

# By a report. The seqs ascend, so the number that a report names of a row is found by halving: a join of rows and
# reports would cost a fifth more. A store that a standby took over may lack that the message was sent at all: its
# report proves it.
DELIVERED = _counted_of_one_task(
    f"""
    UPDATE <message> SET result = 1, code = 'DELIVRD', reported_at = now(),
        submitted_at = coalesce(submitted_at, now())
    WHERE task_id = %(task_id)s AND seq = ANY(%(seqs)s::int[]) AND result = 0
      AND {agreeing("number", "(%(numbers)s::bigint[])[width_bucket(seq, %(seqs)s::int[])]")}
    RETURNING seq""",
    "successful",
)
UNDELIVERED = _counted_of_one_task(
    f"""
    UPDATE <message> m SET result = 2, code = u.code, reported_at = now(),
        submitted_at = coalesce(m.submitted_at, now())
    FROM told u WHERE m.task_id = u.task_id AND m.seq = u.seq AND m.result = 0 AND {agreeing("m.number", "u.number")}
    RETURNING m.seq""",
    "failed",
    """, noted AS (
    INSERT INTO <failure> (task_id, seq) SELECT %(task_id)s, seq FROM changed ON CONFLICT DO NOTHING
)""",
)

# `one` report for each message. What is not `sure` changes no result that a message has already.
REPORTED = counted(
    f"""
    UPDATE <message> m SET result = coalesce(o.result, m.result), code = o.code, reported_at = now(),
        submitted_at = CASE WHEN o.result IS NULL THEN m.submitted_at ELSE coalesce(m.submitted_at, now()) END
    FROM one o
    WHERE m.task_id = o.task_id AND m.seq = o.seq AND {agreeing("m.number", "o.number")}
      AND CASE WHEN o.result IS NULL THEN m.result = 0
               WHEN o.result = 1 AND o.sure THEN m.result <> 1
               ELSE m.result IN (0, 3, 4) END""",
    mends=True,
)

# `hit` is one report for each part. A message is Failed when one part is, Successful when all are; `delivered` counts,
# so two batches of reports cannot miss each other. One that is Successful with some of its parts reported only goes on
# counting them.
PARTS_REPORTED = """settled AS (
    UPDATE <part> p SET result = coalesce(h.result, p.result), code = h.code, reported_at = now()
    FROM hit h
    WHERE p.task_id = h.task_id AND p.seq = h.seq AND p.part = h.part
      AND CASE WHEN h.result IS NULL THEN p.result = 0
               WHEN h.result = 1 AND h.sure THEN p.result <> 1
               ELSE p.result IN (0, 3) END
    RETURNING p.task_id, p.seq, p.part, p.code, old.result AS was, new.result AS became
), whole AS (
    SELECT task_id, seq,
           count(*) FILTER (WHERE became = 1 AND was <> 1)::int AS delivered,
           count(*) FILTER (WHERE became = 2)::int AS failed,
           count(*) FILTER (WHERE became IN (1, 2))::int AS final,
           (array_agg(code ORDER BY became = 2 DESC, part DESC))[1] AS code
    FROM settled GROUP BY task_id, seq
), """ + counted(
    """
    UPDATE <message> m SET delivered = m.delivered + w.delivered,
        result = CASE WHEN m.delivered + w.delivered >= m.parts THEN 1
                      WHEN w.failed > 0 AND m.result <> 1 THEN 2 ELSE m.result END,
        code = CASE WHEN m.result = 1 AND m.delivered + w.delivered < m.parts
                    THEN format('PARTLY-%%s/%%s', m.delivered + w.delivered, m.parts)
                    WHEN m.result = 2 AND m.delivered + w.delivered < m.parts THEN m.code ELSE w.code END,
        reported_at = now()
    FROM whole w WHERE m.task_id = w.task_id AND m.seq = w.seq
      AND (m.result <> 1 OR w.delivered > 0 AND starts_with(m.code, 'PARTLY-'))""",
    mends=True,
)

# A message of one part goes back from Uncertain to Sending, or becomes Failed; so does a long one when a part was
# refused, or none is unknown any more.
ANSWERED_LATE = """answered AS (
    UPDATE <part> SET result = %(result)s, code = %(code)s
    WHERE task_id = %(task_id)s AND seq = %(seq)s AND part = %(part)s AND result = 3
    RETURNING part
), """ + counted("""
    UPDATE <message> m SET result = %(result)s, code = %(code)s
    WHERE m.task_id = %(task_id)s AND m.seq = %(seq)s AND m.result = 3
      AND (%(part)s = 0 OR EXISTS (SELECT FROM answered) AND (%(result)s = 2 OR NOT EXISTS (
          SELECT FROM <part> p WHERE p.task_id = %(task_id)s AND p.seq = %(seq)s
            AND p.part <> %(part)s AND p.result = 3)))""")

# `sure` is one report for each message that no other Uncertain message could be meant by.
REPORTED_BY_NUMBER = counted(
    """
    UPDATE <message> m SET result = s.result, code = s.code, reported_at = now()
    FROM sure s
    WHERE m.task_id = s.task_id AND m.seq = s.seq AND m.result = 3""",
    besides=", m.submitted_at, s.key, s.message_id",
)

# Without a report. Parts that have no final result take the message's; reported_at stays empty, for no report came.
# One that the carrier had accepted is not unknown, whatever is decided about its message: it has no report.
_PARTS_TOO = """, settled AS (
    UPDATE <part> p SET result = %(result)s, code = CASE WHEN p.result = 0 THEN 'EXPIRED' ELSE %(code)s END
    FROM changed c
    WHERE p.task_id = %(task)s AND p.seq = c.seq AND p.result IN (0, 3)
)"""
_CHOSEN = """m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s AND m.result = 3
      AND (%(seqs)s::int[] IS NULL OR m.seq = ANY(%(seqs)s::int[]))
      AND (%(digits)s::text IS NULL OR m.number::text LIKE %(digits)s)"""

EXPIRED = (
    counted("""
    UPDATE <message> m SET result = CASE WHEN m.delivered > 0 THEN 1 ELSE %(result)s END,
        code = CASE WHEN m.delivered > 0 THEN format('PARTLY-%%s/%%s', m.delivered, m.parts) ELSE %(code)s END
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s
      AND m.result = 0 AND m.submitted_at <= %(before)s""")
    + _PARTS_TOO
)
# Parts that were accepted with it; `here` are the chunks that went over the carrier and over no other.
ACCEPTED = (
    counted(
        """
    UPDATE <message> m SET result = 1, code = 'ACCEPTED', delivered = CASE WHEN m.parts > 1 THEN (
        SELECT count(*) FROM <part> p WHERE p.task_id = m.task_id AND p.seq = m.seq) ELSE m.delivered END
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s
      AND m.result = 0 AND m.submitted_at < now() - interval '1 min' AND (m.parts > 1 OR NOT %(long)s)
      AND m.seq / """
        + str(CHUNK)
        + """ IN (SELECT n FROM here)""",
        fails=False,
    )
    + """, settled AS (
    UPDATE <part> p SET result = 1, code = coalesce(p.code, 'ACCEPTED')
    FROM changed c
    WHERE p.task_id = %(task)s AND p.seq = c.seq AND p.result IN (0, 3)
)"""
)
# `here` are the chunks that went over the carrier and over no other.
REPORTED_ONCE = (
    counted(
        """
    UPDATE <message> m SET result = 1, code = 'DELIVRD', delivered = m.parts
    WHERE m.task_id = %(task)s AND m.seq >= %(lo)s AND m.seq < %(hi)s
      AND m.result = 0 AND m.delivered > 0 AND m.parts > 1
      AND m.seq / """
        + str(CHUNK)
        + """ IN (SELECT n FROM here)""",
        fails=False,
    )
    + """, settled AS (
    UPDATE <part> p SET result = 1, code = 'DELIVRD'
    FROM changed c
    WHERE p.task_id = %(task)s AND p.seq = c.seq AND p.result IN (0, 3)
)"""
)
DECIDED = (
    counted(f"""
    UPDATE <message> m SET result = %(result)s, code = %(code)s
    WHERE {_CHOSEN}""")
    + _PARTS_TOO
)

# `free` are the chunks that no sender holds: one that does goes on from where it is, and would miss them.
SENT_AGAIN = (
    counted(
        f"""
    UPDATE <message> m SET result = 0, code = NULL, delivered = 0, submitted_at = NULL, reported_at = NULL
    WHERE {_CHOSEN}
      AND m.seq / {CHUNK} IN (SELECT n FROM free)""",
        fails=False,
    )
    + """, forgotten AS (
    DELETE FROM <part> p USING changed c WHERE p.task_id = %(task)s AND p.seq = c.seq
)"""
)

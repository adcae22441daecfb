-- Cutting the past. The newest row of a table is never removed, so that a
-- rowid, which is an order here, is never used twice.

-- name: journal_last
-- The newest row stays, and the number of rows is counted from it.
SELECT max(id) AS last FROM journal;

-- name: journal_old
-- The oldest rows, a thousand at most.
SELECT id, at FROM journal WHERE id < :last ORDER BY id LIMIT 1000;

-- name: cut_journal
-- Up to and with this one.
DELETE FROM journal WHERE id <= :id;

-- name: cut_snapshots
-- Those of journal rows that are gone.
DELETE FROM snapshots WHERE journal_id <= :id;

-- name: cut_blobs
-- Those no journal row names any more.
DELETE FROM blobs WHERE NOT EXISTS (
  SELECT 1 FROM journal WHERE patch_hash = blobs.hash
);

-- name: inbox_last
-- The newest row stays, and the number of rows is counted from it.
SELECT max(seq) AS last FROM inbox;

-- name: inbox_old
-- The oldest rows that neither wait nor are parked, a thousand at most.
SELECT seq AS id, accepted_at AS at FROM inbox
  WHERE seq < :last AND status NOT IN ('pending', 'parked')
  ORDER BY seq LIMIT 1000;

-- name: cut_inbox
-- Up to and with this one; what waits or is parked stays.
DELETE FROM inbox WHERE seq <= :id AND status NOT IN ('pending', 'parked');

-- name: jobs_last
-- The newest job stays.
SELECT max(seq) AS last FROM jobs;

-- name: cut_jobs
-- Jobs that ended long ago.
DELETE FROM jobs WHERE seq IN (
  SELECT seq FROM jobs WHERE ended_at < :before AND seq < :last
  ORDER BY ended_at LIMIT 1000
);

-- name: count
-- Counts are kept when rows are cut.
INSERT INTO meta (key, value) VALUES (:key, CAST(:n AS TEXT))
  ON CONFLICT (key) DO UPDATE SET
    value = CAST(CAST(value AS INTEGER) + :n AS TEXT);

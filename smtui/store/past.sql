-- The past of one instance, by place (run, seq). Every statement is a seek in
-- an index: a step costs the same in a journal of a million rows.

-- name: runs
-- The newest runs the journal knows of, the newest first. The last run walked
-- is null: nothing is before the first.
WITH RECURSIVE runs (run) AS (
  SELECT (SELECT max(run) FROM journal
    WHERE machine = :machine AND instance = :instance)
  UNION ALL
  SELECT (SELECT max(j.run) FROM journal j
    WHERE j.machine = :machine AND j.instance = :instance AND j.run < runs.run)
    FROM runs WHERE runs.run IS NOT NULL LIMIT :limit
)
SELECT run,
    (SELECT min(j.seq) FROM journal j WHERE j.machine = :machine
      AND j.instance = :instance AND j.run = runs.run) AS first,
    (SELECT max(j.seq) FROM journal j WHERE j.machine = :machine
      AND j.instance = :instance AND j.run = runs.run) AS last
  FROM runs WHERE run IS NOT NULL;

-- name: step
-- The step at a place.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.instance = :instance
    AND j.run = :run AND j.seq = :seq;

-- name: at
-- When the step at a place was taken.
SELECT at FROM journal
  WHERE machine = :machine AND instance = :instance
    AND run = :run AND seq = :seq;

-- name: before
-- The steps up to and with a place, the nearest first.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.instance = :instance
    AND (j.run, j.seq) <= (:run, :seq)
  ORDER BY j.run DESC, j.seq DESC LIMIT :limit;

-- name: after
-- The steps after a place, the nearest first.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.instance = :instance
    AND (j.run, j.seq) > (:run, :seq)
  ORDER BY j.run, j.seq LIMIT :limit;

-- name: base
-- The full snapshot to begin with.
SELECT seq, snapshot_json FROM snapshots
  WHERE machine = :machine AND instance = :instance
    AND run = :run AND seq <= :seq
  ORDER BY seq DESC LIMIT 1;

-- name: patches
-- What was changed since then.
SELECT j.at, j.cause, j.from_json, j.to_json, j.patch_json, j.effects_json, b.body
  FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.instance = :instance
    AND j.run = :run AND j.seq > :after AND j.seq <= :seq
  ORDER BY j.seq;

-- name: event_after
-- Where an event comes next.
SELECT run, seq FROM journal INDEXED BY journal_event
  WHERE machine = :machine AND instance = :instance AND event = :name
    AND event <> '' AND (run, seq) > (:run, :seq)
  ORDER BY run, seq LIMIT 1;

-- name: event_before
-- Where an event came last.
SELECT run, seq FROM journal INDEXED BY journal_event
  WHERE machine = :machine AND instance = :instance AND event = :name
    AND event <> '' AND (run, seq) < (:run, :seq)
  ORDER BY run DESC, seq DESC LIMIT 1;

-- name: configurations
-- Every configuration the instance ever moved into: one seek each.
WITH RECURSIVE found (to_json) AS (
  SELECT (SELECT min(to_json) FROM journal INDEXED BY journal_move
    WHERE machine = :machine AND instance = :instance AND from_json <> to_json)
  UNION ALL
  SELECT (SELECT min(j.to_json) FROM journal j INDEXED BY journal_move
    WHERE j.machine = :machine AND j.instance = :instance
      AND j.from_json <> j.to_json AND j.to_json > found.to_json)
    FROM found WHERE found.to_json IS NOT NULL LIMIT :limit
)
SELECT to_json FROM found WHERE to_json IS NOT NULL;

-- name: moves_after
-- The next moves into a configuration.
SELECT run, seq, from_json FROM journal INDEXED BY journal_move
  WHERE machine = :machine AND instance = :instance AND to_json = :to_json
    AND from_json <> to_json AND (run, seq) > (:run, :seq)
  ORDER BY run, seq LIMIT :limit;

-- name: moves_before
-- The last moves into a configuration.
SELECT run, seq, from_json FROM journal INDEXED BY journal_move
  WHERE machine = :machine AND instance = :instance AND to_json = :to_json
    AND from_json <> to_json AND (run, seq) < (:run, :seq)
  ORDER BY run DESC, seq DESC LIMIT :limit;

-- name: snapshots
-- The full snapshots among some steps, to be exported with them.
SELECT machine, instance, run, seq, journal_id, snapshot_json FROM snapshots
  WHERE journal_id >= :first AND journal_id <= :last
  ORDER BY journal_id;

-- name: first_since
-- Of a machine, the first step that was taken since an instant.
SELECT id, machine, instance, run, seq FROM journal
  WHERE machine = :machine AND at >= :since ORDER BY id LIMIT 1;

-- name: base_id
-- The journal row of the last full snapshot at or before a step of a machine.
SELECT max(journal_id) AS id FROM snapshots
  WHERE machine = :machine AND instance = :instance
    AND run = :run AND seq <= :seq;

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
-- What was changed since then; of what was asked, only what concerns delays.
SELECT j.at, j.cause, j.from_json <> j.to_json AS is_move,
    coalesce(j.patch_json, b.body, 'null') AS patch,
    CASE WHEN instr(j.effects_json, '"timer"') OR instr(j.effects_json, '"cancel"')
      THEN j.effects_json ELSE '[]' END AS effects
  FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.instance = :instance
    AND j.run = :run AND j.seq > :after AND j.seq <= :seq
  ORDER BY j.seq;

-- name: event_after
-- Where an event comes next.
SELECT run, seq FROM journal
  WHERE machine = :machine AND instance = :instance AND event = :name
    AND event <> '' AND (run, seq) > (:run, :seq)
  ORDER BY run, seq LIMIT 1;

-- name: event_before
-- Where an event came last.
SELECT run, seq FROM journal
  WHERE machine = :machine AND instance = :instance AND event = :name
    AND event <> '' AND (run, seq) < (:run, :seq)
  ORDER BY run DESC, seq DESC LIMIT 1;

-- name: configurations
-- Every configuration the instance ever moved into: one seek each.
WITH RECURSIVE found (to_json) AS (
  SELECT (SELECT min(to_json) FROM journal
    WHERE machine = :machine AND instance = :instance AND from_json <> to_json)
  UNION ALL
  SELECT (SELECT min(j.to_json) FROM journal j
    WHERE j.machine = :machine AND j.instance = :instance
      AND j.from_json <> j.to_json AND j.to_json > found.to_json)
    FROM found WHERE found.to_json IS NOT NULL LIMIT :limit
)
SELECT to_json FROM found WHERE to_json IS NOT NULL;

-- name: moves_after
-- The next moves into a configuration.
SELECT run, seq, from_json FROM journal
  WHERE machine = :machine AND instance = :instance AND to_json = :to_json
    AND from_json <> to_json AND (run, seq) > (:run, :seq)
  ORDER BY run, seq LIMIT :limit;

-- name: moves_before
-- The last moves into a configuration.
SELECT run, seq, from_json FROM journal
  WHERE machine = :machine AND instance = :instance AND to_json = :to_json
    AND from_json <> to_json AND (run, seq) < (:run, :seq)
  ORDER BY run DESC, seq DESC LIMIT :limit;

-- name: export
-- The next steps of a machine, to be written out.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.id > :after AND j.id <= :until
    AND (:instance IS NULL OR j.instance = :instance)
  ORDER BY j.id LIMIT :limit;

-- name: snapshots
-- The full snapshots of these steps.
SELECT * FROM snapshots INDEXED BY snapshots_journal
  WHERE journal_id > :after AND journal_id <= :until AND machine = :machine
    AND (:instance IS NULL OR instance = :instance)
  ORDER BY journal_id;

-- name: newest
-- Where an export ends, though its machine goes on.
SELECT max(id) AS id FROM journal WHERE machine = :machine;

-- name: first_since
-- The first step of a machine that was taken since an instant.
SELECT id, instance, run, seq FROM journal
  WHERE machine = :machine AND at >= :since
    AND (:instance IS NULL OR instance = :instance)
  ORDER BY id LIMIT 1;

-- name: base_id
-- The journal row of the last full snapshot at or before a step.
SELECT max(journal_id) AS id FROM snapshots
  WHERE machine = :machine AND instance = :instance
    AND run = :run AND seq <= :seq;

-- name: put_definition
-- A version of a definition, from a file.
INSERT INTO definitions (hash, dialect, name, file, text, added_at)
  VALUES (:hash, :dialect, :name, :file, :text, 0.0)
  ON CONFLICT (hash) DO NOTHING;

-- name: put_step
-- A step, from a file: big patches stay in place, nobody pages through them.
INSERT INTO journal (
  id, machine, instance, run, seq, at, cause, event, from_json, to_json, outcome,
  why, micro_json, answers_json, patch_json, effects_json, duration_s,
  definition_hash
) VALUES (
  :id, :machine, :instance, :run, :seq, :at, :cause, :event, :from_json, :to_json,
  :outcome, :why, :micro_json, :answers_json, :patch_json, :effects_json,
  :duration_s, :definition_hash
);

-- name: put_snapshot
-- A full snapshot, from a file.
INSERT INTO snapshots (machine, instance, run, seq, journal_id, snapshot_json)
  VALUES (:machine, :instance, :run, :seq, :journal_id, :snapshot_json);

-- What one commit of a machine writes.

-- name: journal
-- The step, once: (machine, instance, run, seq) is unique.
INSERT INTO journal (
  machine, instance, run, seq, at, cause, event, from_json, to_json, outcome,
  why, micro_json, answers_json, patch_json, patch_hash, effects_json,
  duration_s, definition_hash
) VALUES (
  :machine, :instance, :run, :seq, :at, :cause, :event, :from_json, :to_json,
  :outcome, :why, :micro_json, :answers_json, :patch_json, :patch_hash,
  :effects_json, :duration_s, :definition_hash
);

-- name: blob
-- A big patch, once however often it is the same.
INSERT INTO blobs (hash, body) VALUES (:hash, :body)
  ON CONFLICT (hash) DO NOTHING;

-- name: keep_snapshot
-- Where a replay can start.
INSERT INTO snapshots (machine, instance, run, seq, journal_id, snapshot_json)
  VALUES (:machine, :instance, :run, :seq, :journal_id, :snapshot_json);

-- name: put_instance
-- The present snapshot.
INSERT INTO instances (
  machine, id, run, status, configuration_json, seq, updated_at, snapshot_json,
  is_busy, moved
) VALUES (
  :machine, :id, :run, :status, :configuration_json, :seq, :now, :snapshot_json,
  :is_busy, 1
) ON CONFLICT (machine, id) DO UPDATE SET
  run = excluded.run, status = excluded.status,
  configuration_json = excluded.configuration_json, seq = excluded.seq,
  updated_at = excluded.updated_at, snapshot_json = excluded.snapshot_json,
  is_busy = excluded.is_busy,
  moved = moved + (configuration_json <> excluded.configuration_json);

-- name: put_result
-- What a Store action gave, until a step consumes it.
INSERT INTO results (machine, instance, pending_id, answer_json)
  VALUES (:machine, :instance, :pending_id, :answer_json);

-- name: result
-- Was this query performed before?
SELECT answer_json FROM results
  WHERE machine = :machine AND instance = :instance
    AND pending_id = :pending_id;

-- name: consume
-- A step has consumed it.
DELETE FROM results
  WHERE machine = :machine AND instance = :instance
    AND pending_id = :pending_id;

-- name: timers
-- The kept timers of an instance, to be compared with its new snapshot.
SELECT id, event, due_wall, due_boot, boot_id FROM timers
  WHERE machine = :machine AND instance = :instance;

-- name: put_timer
-- A delay began or changed.
INSERT INTO timers (machine, instance, id, event, due_wall, due_boot, boot_id)
  VALUES (:machine, :instance, :id, :event, :due_wall, :due_boot, :boot_id)
  ON CONFLICT (machine, instance, id) DO UPDATE SET
    event = excluded.event, due_wall = excluded.due_wall,
    due_boot = excluded.due_boot, boot_id = excluded.boot_id;

-- name: move_timer
-- A delay takes the place of one that is over: the row is looked for once.
UPDATE timers SET id = :id, event = :event,
    due_wall = :due_wall, due_boot = :due_boot, boot_id = :boot_id
  WHERE machine = :machine AND instance = :instance AND id = :old;

-- name: drop_timer
-- A delay fired or was cancelled.
DELETE FROM timers
  WHERE machine = :machine AND instance = :instance AND id = :id;

-- name: instances
-- The lives of a machine, for its new owner.
SELECT * FROM instances WHERE machine = :machine ORDER BY id;

-- name: instance
-- One of them, for its owner.
SELECT machine, id, run, snapshot_json FROM instances
  WHERE machine = :machine AND id = :id;

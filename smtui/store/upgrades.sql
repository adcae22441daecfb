-- From one version of the store to the next, each named by the one it leads to.

-- name: to_2
-- Statecharts say more in a message than a name and a payload (SCXML 5.10.1).
ALTER TABLE inbox ADD COLUMN message_json TEXT;

-- name: to_3
-- Where an event of an instance came before, and comes next, for who looks back.
CREATE INDEX IF NOT EXISTS journal_event
  ON journal (machine, instance, event, run, seq) WHERE event <> '';

-- name: to_4
-- Where an instance enters a state again.
CREATE INDEX IF NOT EXISTS journal_move
  ON journal (machine, instance, to_json, run, seq) WHERE from_json <> to_json;

-- name: to_5_table
-- Machines with 100,000 instances: see schema.sql.
CREATE TABLE IF NOT EXISTS instances_5 (
  machine TEXT NOT NULL,
  id TEXT NOT NULL,
  run INTEGER NOT NULL,
  status TEXT NOT NULL,
  configuration_json TEXT NOT NULL,
  seq INTEGER NOT NULL,
  updated_at REAL NOT NULL,
  snapshot_json TEXT,
  is_busy INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (machine, id)
) STRICT;

-- name: to_5_copy
-- Whoever takes them over looks at each once.
INSERT INTO instances_5 SELECT
  machine, id, run, status, configuration_json, seq, updated_at, snapshot_json, 1
  FROM instances;

-- name: to_5_drop
-- The old one.
DROP TABLE instances;

-- name: to_5_rename
-- The new one takes its place.
ALTER TABLE instances_5 RENAME TO instances;

-- name: to_5_instances_in
-- Which instances are in a state: a page of them costs what it shows.
CREATE INDEX IF NOT EXISTS instances_in ON instances (machine, configuration_json, id);

-- name: to_5_instances_busy
-- What a new owner has to take up, of 100,000 that wait for an event.
CREATE INDEX IF NOT EXISTS instances_busy ON instances (machine, id) WHERE is_busy = 1;

-- name: to_5_instance_sizes
-- How many instances are where, kept by triggers.
CREATE TABLE IF NOT EXISTS instance_sizes (
  machine TEXT NOT NULL,
  status TEXT NOT NULL,
  configuration_json TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (machine, status, configuration_json)
) STRICT, WITHOUT ROWID;

-- name: to_5_clear
-- Nothing is counted twice.
DELETE FROM instance_sizes;

-- name: to_5_count
-- Those there are.
INSERT INTO instance_sizes (machine, status, configuration_json, n)
  SELECT machine, status, configuration_json, count(*) FROM instances
  GROUP BY machine, status, configuration_json;

-- name: to_5_instance_sizes_in
-- A new instance is counted.
CREATE TRIGGER IF NOT EXISTS instance_sizes_in AFTER INSERT ON instances
BEGIN
  INSERT INTO instance_sizes (machine, status, configuration_json, n)
    VALUES (new.machine, new.status, new.configuration_json, 1)
    ON CONFLICT (machine, status, configuration_json) DO UPDATE SET n = n + 1;
END;

-- name: to_5_instance_sizes_move
-- One that moves is counted there.
CREATE TRIGGER IF NOT EXISTS instance_sizes_move
  AFTER UPDATE OF status, configuration_json ON instances
  WHEN old.status <> new.status
    OR old.configuration_json <> new.configuration_json
BEGIN
  UPDATE instance_sizes SET n = n - 1
    WHERE machine = old.machine AND status = old.status
      AND configuration_json = old.configuration_json;
  INSERT INTO instance_sizes (machine, status, configuration_json, n)
    VALUES (new.machine, new.status, new.configuration_json, 1)
    ON CONFLICT (machine, status, configuration_json) DO UPDATE SET n = n + 1;
END;

-- name: to_5_timers_next
-- The next timers of a machine, of this boot.
CREATE INDEX IF NOT EXISTS timers_next ON timers (machine, boot_id, due_boot);

-- name: to_6
-- Machines that statecharts invoke: see schema.sql.
CREATE TABLE IF NOT EXISTS invocations (
  machine TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  parent TEXT NOT NULL,
  parent_instance TEXT NOT NULL,
  invoke_id TEXT NOT NULL,
  src TEXT NOT NULL,
  data_json TEXT NOT NULL,
  status TEXT NOT NULL,
  at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- name: to_6_parent
-- What a machine has invoked.
CREATE INDEX IF NOT EXISTS invocations_parent
  ON invocations (parent) WHERE status = 'active';

-- name: to_7_moved
-- Where instances are is looked at by others: see schema.sql.
ALTER TABLE instances ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;

-- name: to_7_rung
-- Who has something to look at.
ALTER TABLE watches ADD COLUMN rung INTEGER NOT NULL DEFAULT 0;

-- name: to_7_watches_rung
-- Which instances of a machine have.
CREATE INDEX IF NOT EXISTS watches_rung ON watches (machine, instance)
  WHERE rung = 1;

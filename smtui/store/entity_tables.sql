-- Entities of machines that live in other programs (the library's Runner), in
-- a file of their own. Times are seconds since the epoch.

-- name: entities
-- One row an entity: its snapshot, and when its next delay is due.
CREATE TABLE IF NOT EXISTS entities (
  machine TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  snapshot_json TEXT NOT NULL,
  due_at REAL,
  updated_at REAL NOT NULL,
  PRIMARY KEY (machine, id)
) STRICT, WITHOUT ROWID;

-- name: entities_due
-- Schedulers look for the earliest delay.
CREATE INDEX IF NOT EXISTS entities_due ON entities (machine, due_at)
  WHERE due_at IS NOT NULL;

-- name: replies
-- What came of an event that was sent with an idempotency key.
CREATE TABLE IF NOT EXISTS replies (
  machine TEXT NOT NULL,
  entity TEXT NOT NULL,
  key TEXT NOT NULL,
  reply_json TEXT NOT NULL,
  added_at REAL NOT NULL,
  PRIMARY KEY (machine, entity, key)
) STRICT, WITHOUT ROWID;

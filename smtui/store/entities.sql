-- What the library asks of the file of entities (entity_tables.sql).

-- name: load
-- An entity as it was last saved.
SELECT version, state, snapshot_json, due_at FROM entities
WHERE machine = :machine AND id = :id;

-- name: insert
-- The first save; nothing happens when somebody was first.
INSERT INTO entities
  (machine, id, version, state, snapshot_json, due_at, updated_at)
VALUES (:machine, :id, 1, :state, :snapshot_json, :due_at, :now)
ON CONFLICT DO NOTHING;

-- name: update
-- A later save; nothing happens when somebody saved in between.
UPDATE entities SET
  version = version + 1, state = :state, snapshot_json = :snapshot_json,
  due_at = :due_at, updated_at = :now
WHERE machine = :machine AND id = :id AND version = :version;

-- name: version
-- Who saved in between.
SELECT version FROM entities WHERE machine = :machine AND id = :id;

-- name: reply
-- What came of an event with this key before.
SELECT reply_json FROM replies
WHERE machine = :machine AND entity = :id AND key = :key;

-- name: add_reply
-- Kept in the transaction that saves what the event did.
INSERT INTO replies (machine, entity, key, reply_json, added_at)
VALUES (:machine, :id, :key, :reply_json, :now)
ON CONFLICT DO UPDATE SET reply_json = excluded.reply_json;

-- name: due
-- Entities with a delay that is due, the earliest first.
SELECT id FROM entities
WHERE machine = :machine AND due_at IS NOT NULL AND due_at <= :now
ORDER BY due_at LIMIT :limit;

-- name: next_due
-- When somebody has to look again.
SELECT min(due_at) AS due_at FROM entities
WHERE machine = :machine AND due_at IS NOT NULL;

-- name: ids
-- All entities of a machine, or those in a state.
SELECT id FROM entities
WHERE machine = :machine AND (:state = '' OR state = :state)
ORDER BY id;

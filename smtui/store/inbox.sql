-- The inbox: mailbox and audit log.

-- name: accept
-- An event is accepted when this row is committed.
INSERT INTO inbox (
  id, machine, instance, kind, event, payload_json, source, job_id, key,
  if_state, status, accepted_at, handled_at, message_json
) VALUES (
  :id, :machine, :instance, :kind, :event, :payload_json, :source, :job_id,
  :key, :if_state, :status, :now, :handled_at, :message_json
);

-- name: by_key
-- The first event with this dedupe key.
SELECT id, seq FROM inbox WHERE machine = :machine AND key = :key;

-- name: by_id
-- One event, for an operator.
SELECT * FROM inbox WHERE id = :id;

-- name: waiting
-- Is the inbox full?
SELECT n FROM waiting WHERE machine = :machine;

-- name: nobody
-- Has the machine an instance for each entity, and none of its own?
SELECT 1 FROM machines m WHERE m.name = :machine AND m.dialect = 'pystator'
  AND NOT EXISTS (SELECT 1 FROM invocations i WHERE i.machine = m.name);

-- name: read
-- What the owner has not read yet, in order of acceptance.
SELECT * FROM inbox INDEXED BY inbox_pending
  WHERE machine = :machine AND status = 'pending' AND seq > :after
  ORDER BY seq LIMIT :limit;

-- name: handle
-- A step has handled it; guarded, because an operator may have dropped it.
UPDATE inbox
  SET status = :status, why = :why, journal_id = :journal_id,
    handled_at = CASE :status WHEN 'pending' THEN NULL ELSE :now END
  WHERE seq = :seq AND machine = :machine AND status = 'pending';

-- name: oldest
-- The oldest waiting event of a type, for check_events.
SELECT seq FROM inbox INDEXED BY inbox_waiting
  WHERE machine = :machine AND instance = :instance AND event = :event
    AND status = 'pending' AND kind = 'event'
  ORDER BY seq LIMIT 1;

-- name: take
-- check_events takes it in the transaction that keeps its result.
UPDATE inbox SET status = 'taken', handled_at = :now WHERE seq = :seq
  RETURNING *;

-- name: clear
-- clear_events without types: every waiting event of the machine.
UPDATE inbox INDEXED BY inbox_pending
  SET status = 'dropped', why = :why, handled_at = :now
  WHERE machine = :machine AND status = 'pending' AND kind = 'event';

-- name: clear_type
-- clear_events of one type.
UPDATE inbox INDEXED BY inbox_pending
  SET status = 'dropped', why = :why, handled_at = :now
  WHERE machine = :machine AND event = :event AND status = 'pending'
    AND kind = 'event';

-- name: drop
-- An operator drops or replaces an event that no owner has taken.
UPDATE inbox SET status = :status, why = :why, handled_at = :now
  WHERE id = :id AND status IN ('pending', 'parked');

-- name: replace
-- A handled event that was put in again keeps its outcome in words.
UPDATE inbox SET why = :why WHERE id = :id;

-- name: suspect
-- The event whose step is held to have ended the process: the oldest waiting.
SELECT seq, crashes FROM inbox INDEXED BY inbox_pending
  WHERE machine = :machine AND status = 'pending'
  ORDER BY seq LIMIT 1;

-- name: accuse
-- It is tried alone: if the process dies now, it was this one.
UPDATE inbox SET why = :why WHERE id = :id AND status = 'pending';

-- name: accused
-- Which event was tried when the process died.
SELECT seq, crashes FROM inbox INDEXED BY inbox_pending
  WHERE machine = :machine AND status = 'pending' AND why = :why
  ORDER BY seq LIMIT 1;

-- name: crash
-- It ended the process once more; three times and it is parked.
UPDATE inbox SET crashes = :crashes, status = :status, why = :why
  WHERE seq = :seq;

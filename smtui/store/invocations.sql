-- Who invoked whom.

-- name: put
-- A machine is invoked; what was known of an earlier time is over.
INSERT INTO invocations (
  machine, token, parent, parent_instance, invoke_id, src, data_json, status, at
) VALUES (
  :machine, :token, :parent, :parent_instance, :invoke_id, :src, :data_json,
  :status, :now
) ON CONFLICT (machine) DO UPDATE SET
  token = excluded.token, parent = excluded.parent,
  parent_instance = excluded.parent_instance, invoke_id = excluded.invoke_id,
  src = excluded.src, data_json = excluded.data_json, status = excluded.status,
  at = excluded.at;

-- name: of_machine
-- How a machine was invoked last.
SELECT * FROM invocations WHERE machine = :machine;

-- name: by_token
-- One invocation, while it lasts.
SELECT * FROM invocations WHERE token = :token AND status = 'active';

-- name: of_parent
-- What a machine has invoked and not left.
SELECT * FROM invocations WHERE parent = :parent AND status = 'active'
  ORDER BY machine;

-- name: cancelled
-- Whose processes a supervisor that begins may have left behind.
SELECT * FROM invocations WHERE status = 'cancelled' ORDER BY machine;

-- name: set_status
-- It was left, or has ended.
UPDATE invocations SET status = :status WHERE machine = :machine;

-- name: forget
-- An operator took the machine over.
DELETE FROM invocations WHERE machine = :machine;

-- name: has_run
-- Has any run of the machine begun?
SELECT EXISTS (
  SELECT 1 FROM instances WHERE machine = :machine AND snapshot_json IS NOT NULL
) AS found;

-- name: fence
-- Whoever owned it commits no more; that is no crash.
UPDATE machines SET epoch = epoch + 1, left_epoch = epoch + 1 WHERE name = :machine;

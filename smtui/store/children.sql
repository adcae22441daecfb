-- What is wanted of each supervised process, and what was seen of it last.

-- name: put
-- The version grows when something is wanted anew.
INSERT INTO children (
  name, spec_json, desired, reason, who, desired_at, state_since
) VALUES (
  :name, :spec_json, :desired, :reason, :who, :now, :now
) ON CONFLICT (name) DO UPDATE SET
  spec_json = excluded.spec_json, desired = excluded.desired,
  reason = excluded.reason, who = excluded.who,
  desired_at = excluded.desired_at, version = version + 1;

-- name: set_desired
-- An operator starts or stops it.
UPDATE children SET
  desired = :desired, reason = :reason, who = :who, desired_at = :now,
  version = version + 1
WHERE name = :name;

-- name: set_state
-- What the supervisor sees.
UPDATE children SET
  state = :state, state_reason = :reason, pid = :pid, restarts = :restarts,
  state_since = CASE WHEN state = :state THEN state_since ELSE :now END
WHERE name = :name;

-- name: forget_observed
-- A new supervisor has seen nothing yet.
UPDATE children SET
  state = 'stopped', state_reason = '', state_since = :now, pid = NULL,
  restarts = 0;

-- name: remove
-- Its file is gone, or it was asked for once and is no longer.
DELETE FROM children WHERE name = :name;

-- name: every
-- All children, by name.
SELECT * FROM children ORDER BY name;

-- name: by_name
-- One child.
SELECT * FROM children WHERE name = :name;

-- name: of_machine
-- The child that hosts a machine.
SELECT c.* FROM machines m JOIN children c ON c.name = m.child
  WHERE m.name = :machine;
